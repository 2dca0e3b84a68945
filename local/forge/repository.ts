import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

type Ran = { code: number; stdout: string; stderr: string };

/** Who the forge itself is when it commits. */
const IDENTITY = {
	GIT_AUTHOR_NAME: "Forge",
	GIT_AUTHOR_EMAIL: "forge@townwatch.example",
	GIT_COMMITTER_NAME: "Forge",
	GIT_COMMITTER_EMAIL: "forge@townwatch.example",
	GIT_CONFIG_NOSYSTEM: "1",
};

/** Runs git in a folder and answers how it ended; rejects only where git is not there. */
export function gitIn(dir: string, ...args: string[]): Promise<Ran> {
	return new Promise((resolve, reject) => {
		execFile(
			"git",
			args,
			{ cwd: dir, env: { ...process.env, ...IDENTITY }, maxBuffer: 16 * 1024 * 1024 },
			(error, stdout, stderr) => {
				if (error && typeof error.code === "string") return reject(error);
				resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
			},
		);
	});
}

async function must(dir: string, ...args: string[]): Promise<string> {
	const { code, stdout, stderr } = await gitIn(dir, ...args);
	if (code !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
	return stdout;
}

/** What a new repository holds: a small real project whose tests pass. */
const FIRST: Record<string, string> = {
	"README.md": "# Shop\n\nA small shop. `npm test` runs its tests.\n",
	"package.json": `${JSON.stringify({ name: "shop", private: true, type: "module", scripts: { test: "node --test" } }, null, "\t")}\n`,
	"src/cart.js":
		"/** Sum of the items' prices in cents. */\nexport function total(items) {\n\treturn items.reduce((sum, item) => sum + item.price, 0);\n}\n",
	"test/cart.test.js":
		'import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport { total } from "../src/cart.js";\n\ntest("the total is the sum of the prices", () => {\n\tassert.equal(total([{ price: 100 }, { price: 250 }]), 350);\n});\n',
};

/** Makes the bare repository with its first commit where it is not there yet. */
export async function ensureRepository(dir: string, branch = "main"): Promise<void> {
	if (existsSync(join(dir, "HEAD"))) return;
	const work = mkdtempSync(join(tmpdir(), "townwatch-repository-"));
	try {
		await must(work, "init", "--quiet", "--initial-branch", branch);
		for (const [path, text] of Object.entries(FIRST)) {
			mkdirSync(dirname(join(work, path)), { recursive: true });
			writeFileSync(join(work, path), text);
		}
		await must(work, "add", "--all");
		await must(work, "commit", "--quiet", "--message", "A small shop");
		mkdirSync(dirname(dir), { recursive: true });
		await must(work, "clone", "--quiet", "--bare", work, dir);
		await must(dir, "remote", "remove", "origin");
		// Commits that an agent left behind are found again as long as anybody may look for them.
		await must(dir, "config", "gc.auto", "0");
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

/** Pushes a commit with these files to a branch, as somebody does who works on it beside the town; null removes a file. */
export async function pushCommit(
	dir: string,
	{ branch, message, files }: { branch: string; message: string; files: Record<string, string | null> },
): Promise<void> {
	const work = mkdtempSync(join(tmpdir(), "townwatch-commit-"));
	try {
		await must(work, "clone", "--quiet", "--branch", branch, dir, ".");
		for (const [path, text] of Object.entries(files))
			if (text === null) rmSync(join(work, path));
			else writeFileSync(join(work, path), text);
		await must(work, "add", "--all");
		await must(work, "commit", "--quiet", "--message", message);
		await must(work, "push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}
