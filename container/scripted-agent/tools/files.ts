import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import type { Tool, ToolContext } from "../types.ts";

const pathOf = (input: Record<string, unknown>, { cwd }: ToolContext): string => {
	const path = String(input.filePath ?? "");
	if (path === "") throw new Error("filePath is missing");
	return isAbsolute(path) ? path : resolve(cwd, path);
};
const filePath = { filePath: { type: "string" } };
const shown = (path: string, { cwd }: ToolContext): string => relative(cwd, path) || path;

export const read: Tool = {
	description: "Reads a file.",
	parameters: { type: "object", properties: filePath, required: ["filePath"] },
	async run(input, context) {
		const path = pathOf(input, context);
		const text = await readFile(path, "utf8");
		const numbered = text.split("\n").map((line, n) => `${n + 1}: ${line}`);
		const output = `<path>${path}</path>\n<content>\n${numbered.join("\n")}\n</content>`;
		return {
			title: shown(path, context),
			output,
			metadata: { preview: numbered.slice(0, 20).join("\n"), truncated: false, loaded: [] },
		};
	},
};

export const write: Tool = {
	description: "Writes a file, in place of what is there.",
	parameters: {
		type: "object",
		properties: { ...filePath, content: { type: "string" } },
		required: ["filePath", "content"],
	},
	async run(input, context) {
		const path = pathOf(input, context);
		const before = await readFile(path, "utf8").catch(() => null);
		const content = String(input.content ?? "");
		const diff = diffOf(shown(path, context), before ?? "", content);
		await context.ask("edit", [shown(path, context)], { filepath: path, diff });
		await mkdir(dirname(path), { recursive: true });
		await writeFile(path, content);
		return {
			title: shown(path, context),
			output: "Wrote file successfully.",
			metadata: { diagnostics: {}, filepath: path, exists: before !== null, truncated: false },
		};
	},
};

export const edit: Tool = {
	description: "Replaces a text in a file; it has to stand there exactly once.",
	parameters: {
		type: "object",
		properties: { ...filePath, oldString: { type: "string" }, newString: { type: "string" } },
		required: ["filePath", "oldString", "newString"],
	},
	async run(input, context) {
		const path = pathOf(input, context);
		const before = await readFile(path, "utf8");
		const [oldString, newString] = [String(input.oldString ?? ""), String(input.newString ?? "")];
		const found = before.split(oldString).length - 1;
		if (oldString === "" || found !== 1)
			throw new Error(found > 1 ? "oldString stands there more than once" : "oldString not found in content");
		const after = before.replace(oldString, () => newString);
		const diff = diffOf(shown(path, context), before, after);
		await context.ask("edit", [shown(path, context)], { filepath: path, diff });
		await writeFile(path, after);
		const additions = newString.split("\n").length;
		const deletions = oldString.split("\n").length;
		return {
			title: shown(path, context),
			output: "Edit applied successfully.",
			metadata: {
				diagnostics: {},
				diff,
				filediff: { file: path, patch: diff, additions, deletions },
				truncated: false,
			},
		};
	},
};

/** The lines that differ, without context: enough to see what was done. */
function diffOf(name: string, before: string, after: string): string {
	const [old, now] = [before.split("\n"), after.split("\n")];
	let start = 0;
	while (start < old.length && start < now.length && old[start] === now[start]) start++;
	let end = 0;
	while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
	const gone = old.slice(start, old.length - end).map((line) => `-${line}`);
	const come = now.slice(start, now.length - end).map((line) => `+${line}`);
	const head = `@@ -${start + 1},${gone.length} +${start + 1},${come.length} @@`;
	return [`Index: ${name}`, `--- ${name}`, `+++ ${name}`, head, ...gone, ...come, ""].join("\n");
}
