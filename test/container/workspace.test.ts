import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Workspace } from "../../container/git/workspace.ts";
import { ensureRepository } from "../../local/forge/repository.ts";

const dirs: string[] = [];
afterEach(() => {
	for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

const git = (path: string, ...args: string[]) =>
	execFileSync("git", args, { cwd: path, encoding: "utf8", stdio: "pipe" }).trim();

/** A workspace beside a repository of its own, with real git. */
async function begin() {
	const dir = mkdtempSync(join(tmpdir(), "townwatch-workspace-"));
	dirs.push(dir);
	const bare = join(dir, "shop.git");
	await ensureRepository(bare);
	const env = {
		...{ ...process.env, GIT_AUTHOR_NAME: "Toast", GIT_AUTHOR_EMAIL: "toast@example.test" },
		...{ GIT_COMMITTER_NAME: "Toast", GIT_COMMITTER_EMAIL: "toast@example.test" },
	};
	const workspace = new Workspace({ dir: join(dir, "town"), env: () => env, onGit: () => undefined });
	const repo = { id: "shop", name: "shop", git_url: bare, default_branch: "main" };
	return { workspace, repo, place: (agent: string) => ({ repo, agent, branch: "gt/b1", base: "main" }) };
}

test("CONTAINER-5: work goes on with another agent on the same branch, whose first worktree still stands", async () => {
	const { workspace, repo, place } = await begin();
	const toast = await workspace.worktree(place("toast"));
	writeFileSync(join(toast, "new.txt"), "by toast\n");
	expect(await workspace.saveWork(repo, "toast", toast, "gt/b1")).toBe(true);
	writeFileSync(join(toast, "left.txt"), "not handed in\n");
	const maple = await workspace.worktree(place("maple"));
	expect(git(maple, "rev-parse", "--abbrev-ref", "HEAD")).toBe("gt/b1");
	expect(readFileSync(join(maple, "new.txt"), "utf8")).toBe("by toast\n");
	// What the first one had not handed in is still there to be looked at.
	expect(readFileSync(join(toast, "left.txt"), "utf8")).toBe("not handed in\n");
	expect(git(toast, "rev-parse", "--abbrev-ref", "HEAD")).toBe("HEAD");
	expect(await workspace.worktree(place("toast"))).toBe(toast);
});
