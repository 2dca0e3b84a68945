import {
	type ForgeChange, type GitPlace, type ReviewMetadata, readGitUrl, readPullUrl, reviewMetadata,
} from "../../shared/gastown/index.ts"; // biome-ignore format: a list
import { redact } from "../../shared/redaction/index.ts";
import { findBead } from "./beads.ts";
import type { GitTokens } from "./credentials/git-tokens.ts";
import { findRig } from "./rigs.ts";
import { getRow } from "./rows.ts";
import type { Town } from "./town.ts";

/** What a town asks a forge with, which speaks GitHub's API. */
export type ForgeHost = { town: Town; tokens: GitTokens; send: typeof fetch };

/** A refusal keeps its kind and the forge's own words; a `lasting` one is not better for being asked again. */
export type Unanswered = { ok: false; kind: string; message: string; lasting: boolean };
export type Answered<T> = { ok: true; status: number; body: T } | Unanswered;

const TIMEOUT_MS = 10_000;

const lasting = (kind: string, message: string): Unanswered => ({ ok: false, kind, message, lasting: true });

/** Asks below `/repos/owner/name` of `place`. The rig's token goes to the rig's own forge only. */
export async function askForge<T>(
	{ town, tokens, send }: ForgeHost,
	rigId: string,
	place: GitPlace,
	{ path, method = "GET", body }: { path: string; method?: string; body?: object },
): Promise<Answered<T>> {
	const own = readGitUrl(findRig(town, rigId)?.git_url ?? "");
	if (own?.host !== place.host)
		return lasting(
			"host_mismatch",
			`${place.host} is not the forge of this rig, which is ${own?.host ?? "none"}.`,
		);
	const token = await tokens.of(rigId);
	if (!token.ok) return lasting("no_token", token.message);
	try {
		const response = await send(`${place.apiBase}/repos/${place.owner}/${place.name}${path}`, {
			method,
			headers: {
				authorization: `Bearer ${token.value.token}`,
				accept: "application/vnd.github+json",
				"content-type": "application/json",
				// GitHub refuses requests without a name.
				"user-agent": "townwatch",
			},
			...(body && { body: JSON.stringify(body) }),
			signal: AbortSignal.timeout(TIMEOUT_MS),
		});
		const { status } = response;
		const answer = (await response.json().catch(() => null)) as (T & { message?: string }) | null;
		if (response.ok && (answer !== null || status === 204)) return { ok: true, status, body: answer as T };
		const message = redact(`The forge answered ${status}: ${answer?.message ?? ""}`);
		return { ok: false, kind: `http_${status}`, message, lasting: status < 500 };
	} catch (error) {
		const message = redact(`The forge did not answer: ${String(error)}`);
		return { ok: false, kind: "network", message, lasting: false };
	}
}

export type Pull = {
	state: string;
	merged: boolean;
	merge_commit_sha: string | null;
	mergeable_state: string;
	head: { ref: string };
};

/** Asks after the pull request that a URL names, or does something to it. */
export function askPull<T = Pull>(
	host: ForgeHost,
	rigId: string,
	url: string | null,
	{ path = "", ...init }: { path?: string; method?: string; body?: object } = {},
): Promise<Answered<T>> {
	const place = url === null ? null : readPullUrl(url);
	if (!place)
		return Promise.resolve(lasting("unrecognized_url", `This is no URL of a pull request: ${url ?? "none"}`));
	return askForge<T>(host, rigId, place, { ...init, path: `/pulls/${place.number}${path}` });
}

/** The newest pull request of a branch at the rig's own forge, open or not: its URL; null where it has none. */
export async function askPullOfBranch(
	host: ForgeHost,
	rigId: string,
	branch: string,
): Promise<Answered<string | null>> {
	const place = readGitUrl(findRig(host.town, rigId)?.git_url ?? "");
	if (!place) return lasting("no_repository", "This rig has no repository at a forge.");
	const head = encodeURIComponent(`${place.owner}:${branch}`);
	const path = `/pulls?state=all&sort=created&direction=desc&head=${head}`;
	const listed = await askForge<(Pick<Pull, "head"> & { html_url: string })[]>(host, rigId, place, { path });
	if (!listed.ok) return listed;
	return { ...listed, body: listed.body.find((pull) => pull.head.ref === branch)?.html_url ?? null };
}

type Comparison = {
	ahead_by: number;
	behind_by: number;
	commits: { sha: string }[];
	merge_base_commit: { sha: string };
	files?: { filename: string; additions: number; deletions: number; patch?: string }[];
};
type CheckRuns = { check_runs: { name: string; status: string; conclusion: string | null }[] };

/** So much of a change is kept with its review: enough to see what it is, little enough for a row of the feed. */
const KEPT = { files: 12, patch: 1_800 };
const PASSED = ["success", "neutral", "skipped"];

/** What the branch of a review would bring to its target now, with the checks of its head. */
export async function askChange(
	host: ForgeHost,
	rigId: string,
	{ branch, target_branch }: Pick<ReviewMetadata, "branch" | "target_branch">,
): Promise<{ ok: true; change: ForgeChange } | Unanswered> {
	const place = readGitUrl(findRig(host.town, rigId)?.git_url ?? "");
	if (!place) return lasting("no_repository", "This rig has no repository at a forge.");
	const span = `${encodeURIComponent(target_branch)}...${encodeURIComponent(branch)}`;
	const compared = await askForge<Comparison>(host, rigId, place, { path: `/compare/${span}` });
	if (!compared.ok) return compared;
	const { ahead_by, behind_by, commits, merge_base_commit, files = [] } = compared.body;
	const head = commits.at(-1)?.sha ?? merge_base_commit.sha;
	const checks = await askForge<CheckRuns>(host, rigId, place, { path: `/commits/${head}/check-runs` });
	const patch = files.map((file) => `--- ${file.filename}\n${file.patch ?? ""}`).join("\n");
	const change = {
		...{
			at: new Date(host.town.now()).toISOString(),
			head,
			ahead: ahead_by,
			behind: behind_by,
			total: files.length,
		},
		files: files
			.slice(0, KEPT.files)
			.map(({ filename, additions, deletions }) => ({ path: filename.slice(0, 120), additions, deletions })),
		patch: redact(patch).slice(0, KEPT.patch),
		checks: checks.ok ? checksOf(checks.body) : null,
	};
	return { ok: true, change };
}

const checksOf = ({ check_runs }: CheckRuns): ForgeChange["checks"] => ({
	total: check_runs.length,
	pending: check_runs.filter(({ status }) => status !== "completed").length,
	failed: check_runs
		.filter(({ status, conclusion }) => status === "completed" && !PASSED.includes(conclusion ?? ""))
		.map(({ name }) => name.slice(0, 60))
		.slice(0, 5),
});

/** The rows of a review with the rig that it belongs to; null where there is none. */
export function reviewAt(
	town: Town,
	id: string,
): { rig: string; review: ReviewMetadata; title: string } | null {
	const bead = findBead(town, id);
	const review = getRow(town.sql, reviewMetadata, id);
	return bead && review ? { rig: bead.rig_id ?? "", review, title: bead.title } : null;
}
