import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { OnGit } from "./git-env.ts";
import { type GitRun, outcomeOf, runGit } from "./run-git.ts";

export type Repo = { id: string; name: string; git_url: string; default_branch: string };
export type Place = { repo: Repo; agent: string; branch: string | null; base: string };
export type Merged = {
	outcome: "merged" | "conflict" | "failed";
	commit: string | null;
	files: string[];
	stderr: string;
};

/** A git command that failed, in git's own words. */
export class GitFailed extends Error {
	readonly run: GitRun;
	constructor(command: string, run: GitRun) {
		super(`${command}: ${run.stderr.trim() || `exit code ${run.code}`}`);
		this.run = run;
	}
}

type Options = {
	/** Absolute: `rigs/<name>/browse`, `rigs/<name>/worktrees/<agent>` and `town/<role>` come below it. */
	dir: string;
	/** Made anew for each command: the control server's address is known only once it listens. */
	env: () => NodeJS.ProcessEnv;
	/** Told whose command it was: the rig, and the agent where it is one's. */
	onGit: (where: { rig: string; agent: string | null }, report: Parameters<OnGit>[0]) => void;
};

/** The repositories of a town's rigs and their agents' worktrees, one git command at a time for each rig. */
export class Workspace {
	readonly #options: Options;
	readonly #queues = new Map<string, Promise<unknown>>();

	constructor(options: Options) {
		this.#options = options;
	}

	/** Clones the repository, or fetches what is new. Rejects with `GitFailed`. */
	setupRepo(repo: Repo, agent: string | null = null): Promise<void> {
		return this.#queued(repo, () => this.#setup(repo, agent));
	}

	/** Makes the agent's worktree at its branch, whatever an earlier run left there. Answers its absolute path. */
	worktree({ repo, agent, branch, base }: Place): Promise<string> {
		return this.#queued(repo, async () => {
			await this.#setup(repo, agent);
			const browse = this.#browse(repo);
			const path = join(this.#rig(repo), "worktrees", folderOf(agent));
			await rm(path, { recursive: true, force: true });
			await this.#local(browse, "worktree", "prune");
			await this.#baseAtForge(repo, agent, base);
			if (branch === null) {
				await this.#must(browse, "worktree", "add", "--quiet", "--detach", path, `origin/${base}`);
				return path;
			}
			await this.#letGo(browse, branch);
			const known = await this.#has(browse, `refs/remotes/origin/${branch}`);
			const from = known ? `origin/${branch}` : `origin/${base}`;
			await this.#must(browse, "worktree", "add", "--quiet", "--force", "-B", branch, path, from);
			return path;
		});
	}

	/**
	 * The folder of agents of the whole town, for each role one. A repository of its own: the real servers take the one that they find
	 * above their folder for their project, read its settings and write into its `.git`.
	 */
	async townFolder(role: string): Promise<string> {
		const path = join(this.#options.dir, "town", role);
		await mkdir(path, { recursive: true });
		if (!existsSync(join(path, ".git"))) await this.#must(path, "init", "--quiet");
		return path;
	}

	/** Merges a branch into another at the forge, without an agent. */
	merge(
		repo: Repo,
		{ branch, target, message }: { branch: string; target: string; message: string },
	): Promise<Merged> {
		return this.#queued(repo, async () => {
			await this.#setup(repo, null);
			const path = join(this.#rig(repo), "merge");
			const browse = this.#browse(repo);
			await rm(path, { recursive: true, force: true });
			await this.#local(browse, "worktree", "prune");
			await this.#must(browse, "worktree", "add", "--quiet", "--detach", path, `origin/${target}`);
			try {
				const merged = await this.#told(
					repo,
					null,
					path,
					"merge",
					"--no-ff",
					"-m",
					message,
					`origin/${branch}`,
				);
				const outcome = outcomeOf(merged);
				if (outcome === "conflict") {
					const files = await this.#local(path, "diff", "--name-only", "--diff-filter=U");
					return {
						outcome,
						commit: null,
						files: files.stdout.split("\n").filter(Boolean),
						stderr: merged.stderr,
					};
				}
				if (outcome !== "ok") return { outcome: "failed", commit: null, files: [], stderr: merged.stderr };
				const pushed = await this.#told(
					repo,
					null,
					path,
					"push",
					"--quiet",
					"origin",
					`HEAD:refs/heads/${target}`,
				);
				if (pushed.code !== 0) return { outcome: "failed", commit: null, files: [], stderr: pushed.stderr };
				const head = await this.#local(path, "rev-parse", "HEAD");
				return { outcome: "merged", commit: head.stdout.trim(), files: [], stderr: "" };
			} finally {
				await this.#local(browse, "worktree", "remove", "--force", path);
			}
		});
	}

	/** Commits and pushes what an agent had not handed in yet, so that the next one finds it. Answers false where there was nothing. */
	saveWork(repo: Repo, agent: string, path: string, branch: string): Promise<boolean> {
		return this.#queued(repo, async () => {
			const changed = await this.#local(path, "status", "--porcelain");
			const ahead = await this.#local(path, "rev-list", "--count", "HEAD", "--not", "--remotes=origin");
			if (changed.stdout.trim() === "" && ahead.stdout.trim() === "0") return false;
			await this.#local(path, "add", "--all");
			await this.#local(path, "commit", "--quiet", "--no-verify", "-m", "WIP: the container was stopped");
			const pushed = await this.#told(
				repo,
				agent,
				path,
				"push",
				"--quiet",
				"--force-with-lease",
				"origin",
				`HEAD:refs/heads/${branch}`,
			);
			if (pushed.code !== 0) throw new GitFailed("git push", pushed);
			return true;
		});
	}

	async #setup(repo: Repo, agent: string | null): Promise<void> {
		const browse = this.#browse(repo);
		if (existsSync(join(browse, ".git"))) {
			const fetched = await this.#told(repo, agent, browse, "fetch", "--quiet", "--prune", "origin");
			if (fetched.code !== 0) throw new GitFailed("git fetch", fetched);
			return;
		}
		await rm(browse, { recursive: true, force: true });
		await mkdir(this.#rig(repo), { recursive: true });
		const cloned = await this.#told(repo, agent, this.#rig(repo), "clone", "--quiet", repo.git_url, browse);
		if (cloned.code !== 0) throw new GitFailed("git clone", cloned);
	}

	/** A convoy's feature branch comes to be with the first work on it. */
	async #baseAtForge(repo: Repo, agent: string, base: string): Promise<void> {
		const browse = this.#browse(repo);
		if (await this.#has(browse, `refs/remotes/origin/${base}`)) return;
		const from = `origin/${repo.default_branch}:refs/heads/${base}`;
		const pushed = await this.#told(repo, agent, browse, "push", "--quiet", "origin", from);
		if (pushed.code !== 0) throw new GitFailed("git push", pushed);
		const fetched = await this.#told(repo, agent, browse, "fetch", "--quiet", "origin");
		if (fetched.code !== 0) throw new GitFailed("git fetch", fetched);
	}

	/** Another agent worked on this branch before: its files stay, but the branch is not its worktree's any more. */
	async #letGo(browse: string, branch: string): Promise<void> {
		const { stdout } = await this.#local(browse, "worktree", "list", "--porcelain", "-z");
		for (const one of stdout.split("\0\0")) {
			const lines = one.split("\0");
			const [path] = lines.filter((line) => line.startsWith("worktree "));
			if (path && lines.includes(`branch refs/heads/${branch}`))
				await this.#must(path.slice("worktree ".length), "checkout", "--quiet", "--detach");
		}
	}

	async #has(path: string, ref: string): Promise<boolean> {
		return (await this.#local(path, "rev-parse", "--verify", "--quiet", ref)).code === 0;
	}

	#rig = (repo: Repo): string => join(this.#options.dir, "rigs", folderOf(repo.name));
	#browse = (repo: Repo): string => join(this.#rig(repo), "browse");
	#local = (path: string, ...args: string[]): Promise<GitRun> => runGit(path, this.#options.env(), args);

	async #must(path: string, ...args: string[]): Promise<void> {
		const run = await this.#local(path, ...args);
		if (run.code !== 0) throw new GitFailed(`git ${args[0]} ${args[1]}`, run);
	}

	/** Runs a command that is told of. */
	async #told(repo: Repo, agent: string | null, path: string, ...args: string[]): Promise<GitRun> {
		const run = await this.#local(path, ...args);
		const [operation] = args as ["clone" | "fetch" | "push" | "merge"];
		this.#options.onGit(
			{ rig: repo.id, agent },
			{
				...{ operation, command: `git ${args.join(" ").replaceAll(this.#options.dir, "…")}` },
				...{ outcome: outcomeOf(run), exit_code: run.code, duration_ms: run.ms },
				stderr: [run.stderr, run.code === 0 ? "" : run.stdout].join("").trim() || null,
			},
		);
		return run;
	}

	#queued<T>(repo: Repo, work: () => Promise<T>): Promise<T> {
		const before = this.#queues.get(repo.id) ?? Promise.resolve();
		const mine = before.then(work, work);
		this.#queues.set(
			repo.id,
			mine.catch(() => undefined),
		);
		return mine;
	}
}

/** A name as one folder. */
const folderOf = (name: string): string => name.replace(/[^\w.-]+/g, "-").replace(/^\.+/, "") || "rig";
