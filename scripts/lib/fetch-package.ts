import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { lstat, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Package } from "./agent-packages.ts";
import { ROOT } from "./settings.ts";

/** Not below node_modules, which `npm ci` empties. */
const FOLDER = resolve(ROOT, ".agents");
const PROGRESS_MS = 3_000;

/**
 * Path of the package's program, which is fetched by npm where it is not there yet: the only time that the network is needed.
 * Throws with a plain sentence. `signal` breaks it off, and leaves nothing half done.
 */
export async function fetchPackage(
	name: string,
	wanted: Package,
	say: (line: string) => void,
	signal: AbortSignal,
): Promise<string> {
	const folder = join(FOLDER, `${name}-${wanted.version}`);
	const program = join(folder, "node_modules", wanted.name, wanted.program);
	if (isProgram(program)) return program;
	say(`Fetching ${name} ${wanted.version} by npm, once: ${wanted.megabytes} MB on the disk …`);
	await mkdir(FOLDER, { recursive: true });
	const fresh = await mkdtemp(`${folder}.`);
	const told = setInterval(async () => {
		say(`… ${Math.round((await sizeOf(fresh)) / 1e6)} of ${wanted.megabytes} MB`);
	}, PROGRESS_MS);
	try {
		await install(wanted, fresh, signal);
		// Whole or not at all, also when we are ended meanwhile.
		await rm(folder, { recursive: true, force: true });
		await rename(fresh, folder);
	} finally {
		clearInterval(told);
		await rm(fresh, { recursive: true, force: true });
	}
	if (!isProgram(program)) throw new Error(`${wanted.name}@${wanted.version} holds no ${wanted.program}.`);
	return program;
}

/** By a lock file of our own, so that npm takes nothing but these bytes. Scripts are not run: there is none to run. */
async function install(
	{ name, version, integrity }: Package,
	folder: string,
	signal: AbortSignal,
): Promise<void> {
	const dependencies = { [name]: version };
	const packages = { "": { dependencies }, [`node_modules/${name}`]: { version, integrity } };
	await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
	await writeFile(join(folder, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, packages }));
	const args = ["ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"];
	await promisify(execFile)("npm", args, { cwd: folder, signal }).catch((error: { stderr?: string }) => {
		signal.throwIfAborted();
		throw new Error(
			`npm could not fetch ${name}@${version}, for which it needs its registry once:\n${error.stderr || String(error)}`,
		);
	});
}

function isProgram(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/** Bytes of all files below a folder, as far as they can be seen while it is being filled. */
async function sizeOf(folder: string): Promise<number> {
	const names = await readdir(folder, { recursive: true }).catch(() => []);
	const sizes = await Promise.all(names.map((name) => lstat(join(folder, name)).catch(() => null)));
	return sizes.reduce((sum, stat) => sum + (stat?.isFile() ? stat.size : 0), 0);
}
