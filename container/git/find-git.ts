import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Absolute path of the machine's git: by its name alone an agent would find the shim that stands before it. Throws where there is none. */
export function findGit(path: string | undefined): string {
	for (const folder of (path ?? "").split(delimiter)) {
		const program = join(folder, "git");
		try {
			accessSync(program, constants.X_OK);
			return program;
		} catch {
			// Not in this folder.
		}
	}
	throw new Error("There is no git on the PATH.");
}
