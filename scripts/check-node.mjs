// Plain JavaScript, so that a Node that cannot run the scripts can still say so.
if (!process.features.typescript) {
	console.error(
		`Townwatch needs Node 22.18 or newer (this is ${process.version}): its scripts are TypeScript that Node runs as it stands.`,
	);
	console.error(
		"On Linux x64 `npm ci` brings Node 24 along; if you left out optional dependencies, run it again.",
	);
	process.exit(1);
}
