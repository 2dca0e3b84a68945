import type { PullAnswer } from "./pulls.ts";
import { gitIn } from "./repository.ts";

const refuse = (status: number, message: string): PullAnswer => ({ status, body: { message } });

/** What GitHub's API says of branches and commits of one bare repository. */
export class Branches {
	readonly #dir: string;

	constructor(dir: string) {
		this.#dir = dir;
	}

	/** `GET /compare/base...head`. */
	async compare(base: string, head: string): Promise<PullAnswer> {
		const [from, to] = [await this.#commit(base), await this.#commit(head)];
		if (!from || !to) return refuse(404, "Not Found");
		const [mergeBase, ahead, behind] = await Promise.all([
			this.#git("merge-base", from, to),
			this.#git("rev-list", "--reverse", `${from}..${to}`),
			this.#git("rev-list", `${to}..${from}`),
		]);
		const commits = lines(ahead);
		return {
			status: 200,
			body: {
				status: commits.length === 0 ? "identical" : "ahead",
				ahead_by: commits.length,
				behind_by: lines(behind).length,
				merge_base_commit: { sha: mergeBase.trim() },
				commits: commits.map((sha) => ({ sha })),
				files: await this.#files(mergeBase.trim(), to),
			},
		};
	}

	/** `POST /merges`: a merge commit on the base, 204 where there is nothing to merge. */
	async merge(input: unknown): Promise<PullAnswer> {
		const { base, head, commit_message } = (input ?? {}) as Record<string, unknown>;
		if (typeof base !== "string" || typeof head !== "string") return refuse(422, "Validation Failed");
		const [into, from] = [await this.#commit(base), await this.#commit(head)];
		if (!into || !from) return refuse(404, into ? "Head does not exist" : "Base does not exist");
		if ((await gitIn(this.#dir, "merge-base", "--is-ancestor", from, into)).code === 0)
			return { status: 204, body: null };
		const message = typeof commit_message === "string" ? commit_message : `Merge ${head} into ${base}`;
		const sha = await mergeCommit(this.#dir, { base, into, from, message });
		return sha ? { status: 201, body: { sha, commit: { message } } } : refuse(409, "Merge conflict");
	}

	/** `GET /commits/sha/check-runs`: nothing checks anything here. */
	async checkRuns(sha: string): Promise<PullAnswer> {
		return (await this.#commit(sha))
			? { status: 200, body: { total_count: 0, check_runs: [] } }
			: refuse(422, `No commit found for SHA: ${sha}`);
	}

	async #files(from: string, to: string) {
		const numbers = lines(await this.#git("diff", "--numstat", from, to));
		return Promise.all(
			numbers.map(async (line) => {
				const [additions = "0", deletions = "0", filename = ""] = line.split("\t");
				const patch = await this.#git("diff", from, to, "--", filename);
				return {
					...{ filename, additions: Number(additions) || 0, deletions: Number(deletions) || 0 },
					patch: patch.slice(Math.max(0, patch.indexOf("@@"))),
				};
			}),
		);
	}

	/** A branch, else a commit by its hash. */
	async #commit(name: string): Promise<string | null> {
		for (const what of [`refs/heads/${name}`, ...(/^[0-9a-f]{40}$/.test(name) ? [`${name}^{commit}`] : [])]) {
			const { code, stdout } = await gitIn(this.#dir, "rev-parse", "--verify", "--quiet", what);
			if (code === 0) return stdout.trim();
		}
		return null;
	}

	async #git(...args: string[]): Promise<string> {
		return (await gitIn(this.#dir, ...args)).stdout;
	}
}

const lines = (text: string): string[] => text.split("\n").filter(Boolean);

/** Moves a branch to a merge commit of both; null where they conflict or the branch was moved meanwhile. */
export async function mergeCommit(
	dir: string,
	{ base, into, from, message }: { base: string; into: string; from: string; message: string },
): Promise<string | null> {
	const tree = await gitIn(dir, "merge-tree", "--write-tree", into, from);
	if (tree.code !== 0) return null;
	const [name = ""] = tree.stdout.split("\n");
	const commit = await gitIn(dir, "commit-tree", name, "-p", into, "-p", from, "-m", message);
	const sha = commit.stdout.trim();
	const moved = await gitIn(dir, "update-ref", `refs/heads/${base}`, sha, into);
	return commit.code === 0 && moved.code === 0 ? sha : null;
}
