import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { mergeCommit } from "./branches.ts";
import { gitIn } from "./repository.ts";

/** A pull request as the API shows it, in GitHub's words. */
export type Pull = {
	number: number;
	html_url: string;
	title: string;
	body: string;
	state: "open" | "closed";
	merged: boolean;
	merge_commit_sha: string | null;
	head: { ref: string; sha: string | null };
	base: { ref: string; sha: string | null };
	mergeable_state: "clean" | "dirty" | "unknown";
	mergeable: boolean | null;
	created_at: string;
};
type Kept = Pick<
	Pull,
	"number" | "title" | "body" | "state" | "merged" | "merge_commit_sha" | "created_at"
> & {
	head: string;
	base: string;
};

export const newPull = z.object({
	title: z.string().min(1),
	body: z.string().default(""),
	head: z.string().min(1),
	base: z.string().min(1),
});

export type PullAnswer = { status: number; body: unknown };
const refuse = (status: number, message: string): PullAnswer => ({ status, body: { message } });

/** Pull requests of one bare repository, kept in a file beside it. */
export class Pulls {
	readonly #dir: string;
	readonly #base: string;

	/** `base`: URL of the repository for people, e.g. `http://127.0.0.1:4750/olive/shop`. */
	constructor(dir: string, base: string) {
		this.#dir = dir;
		this.#base = base;
	}

	async create(input: unknown): Promise<PullAnswer> {
		const parsed = newPull.safeParse(input);
		if (!parsed.success) return refuse(422, "Validation Failed");
		const { title, body, head, base } = parsed.data;
		const [headSha, baseSha] = [await this.#sha(head), await this.#sha(base)];
		if (!headSha || !baseSha)
			return refuse(422, `Validation Failed: ${headSha ? "base" : "head"} does not exist`);
		if (headSha === baseSha) return refuse(422, `No commits between ${base} and ${head}`);
		const all = this.#read();
		if (all.some((one) => one.state === "open" && one.head === head && one.base === base))
			return refuse(422, `A pull request already exists for ${head}.`);
		const pull: Kept = {
			...{ number: all.length + 1, title, body, state: "open", merged: false, merge_commit_sha: null },
			...{ head, base, created_at: new Date().toISOString() },
		};
		this.#write([...all, pull]);
		return { status: 201, body: await this.#shown(pull) };
	}

	/** Newest first. `head`: of this branch alone, as `owner:branch`. */
	async list(state: string, head: string | null = null): Promise<PullAnswer> {
		const all = this.#read()
			.filter((one) => state === "all" || one.state === state)
			.filter((one) => head === null || one.head === head.slice(head.indexOf(":") + 1))
			.reverse();
		return { status: 200, body: await Promise.all(all.map((one) => this.#shown(one))) };
	}

	async get(number: number): Promise<PullAnswer> {
		const pull = this.#read().find((one) => one.number === number);
		return pull ? { status: 200, body: await this.#shown(pull) } : refuse(404, "Not Found");
	}

	/** Closes or opens it again. */
	async setState(number: number, state: unknown): Promise<PullAnswer> {
		const all = this.#read();
		const pull = all.find((one) => one.number === number);
		if (!pull) return refuse(404, "Not Found");
		if (state !== "open" && state !== "closed") return refuse(422, "Validation Failed");
		if (pull.merged) return refuse(422, "A merged pull request cannot be changed.");
		pull.state = state;
		this.#write(all);
		return { status: 200, body: await this.#shown(pull) };
	}

	/** Merges with a merge commit, as the button does; with a `sha` only while that is its head. */
	async merge(number: number, input: unknown): Promise<PullAnswer> {
		const all = this.#read();
		const pull = all.find((one) => one.number === number);
		if (!pull) return refuse(404, "Not Found");
		if (pull.merged || pull.state !== "open") return refuse(405, "Pull Request is not mergeable");
		const [head, base] = [await this.#sha(pull.head), await this.#sha(pull.base)];
		if (!head || !base) return refuse(405, "Pull Request is not mergeable");
		const { sha: expected = head } = (input ?? {}) as { sha?: unknown };
		if (expected !== head) return refuse(409, "Head branch was modified. Review and try the merge again.");
		const tree = await gitIn(this.#dir, "merge-tree", "--write-tree", base, head);
		if (tree.code !== 0) return refuse(405, "Pull Request is not mergeable");
		const message = `Merge pull request #${number} from ${pull.head}\n\n${pull.title}`;
		const sha = await mergeCommit(this.#dir, { base: pull.base, into: base, from: head, message });
		if (sha === null) return refuse(409, "Base branch was modified. Review and try the merge again.");
		Object.assign(pull, { state: "closed", merged: true, merge_commit_sha: sha });
		this.#write(all);
		return { status: 200, body: { sha, merged: true, message: "Pull Request successfully merged" } };
	}

	async #shown(pull: Kept): Promise<Pull> {
		const [head, base] = [await this.#sha(pull.head), await this.#sha(pull.base)];
		const tree = head && base ? await gitIn(this.#dir, "merge-tree", "--write-tree", base, head) : null;
		const clean = tree === null ? null : tree.code === 0;
		return {
			...pull,
			html_url: `${this.#base}/pull/${pull.number}`,
			head: { ref: pull.head, sha: head },
			base: { ref: pull.base, sha: base },
			mergeable: pull.state === "open" ? clean : null,
			mergeable_state: pull.state !== "open" || clean === null ? "unknown" : clean ? "clean" : "dirty",
		};
	}

	async #sha(branch: string): Promise<string | null> {
		const { code, stdout } = await gitIn(
			this.#dir,
			"rev-parse",
			"--verify",
			"--quiet",
			`refs/heads/${branch}`,
		);
		return code === 0 ? stdout.trim() : null;
	}

	get #path(): string {
		return join(this.#dir, "pulls.json");
	}

	#read(): Kept[] {
		return existsSync(this.#path) ? (JSON.parse(readFileSync(this.#path, "utf8")) as Kept[]) : [];
	}

	#write(pulls: Kept[]): void {
		writeFileSync(`${this.#path}.new`, JSON.stringify(pulls));
		renameSync(`${this.#path}.new`, this.#path);
	}
}
