import { expect, test } from "vitest";
import { reviewMetadata, rigs } from "../../../shared/gastown/index.ts";
import { atTheForge, type ForgeEffect } from "../../../worker/town/interventions/at-the-forge.ts";
import { getRow, listRows, updateRow } from "../../../worker/town/rows.ts";
import { inTown, type TestTown } from "./town.ts";

const HEAD = "b".repeat(40);
const TOKEN = { ok: true, value: { token: "t-1" } };
type Answers = Record<string, { status?: number; body?: unknown }>;

/** A merge request of toast's, and a forge that answers as it is told; `asked` is what it was asked. */
function begin(town: TestTown, answers: Answers) {
	const set = (part: () => void) => town.live.run({ kind: "test", what: "set", id: null, by: null }, part);
	set(() => updateRow(town.town.sql, rigs, ["api"], { git_url: "https://forge.example/o/shop.git" }));
	town.work("toast", "b1");
	town.call("agentDone", { agent_id: "toast", branch: "polecat/b1" });
	const [row] = listRows(town.town.sql, reviewMetadata);
	const review = row?.bead_id ?? "";
	const asked: string[] = [];
	const send = (async (url: string, init: RequestInit) => {
		const what = `${init.method} ${url.replace("https://forge.example/api/v3/repos/o/shop", "")}`;
		asked.push(what);
		const { status = 200, body = {} } = answers[what] ?? { status: 404, body: { message: "Not Found" } };
		return new Response(status === 204 ? null : JSON.stringify(body), { status });
	}) as unknown as typeof fetch;
	const tokens = { of: async () => TOKEN } as never;
	const forge = atTheForge({ town: town.town, live: town.live, tokens, send, changed: () => undefined });
	const order = (effect: Omit<ForgeEffect, "review"> & Record<string, unknown>) =>
		forge({ ...effect, review } as ForgeEffect, "order-1");
	return { asked, order, review, row: () => getRow(town.town.sql, reviewMetadata, review), set };
}

const COMPARE = "GET /compare/main...polecat%2Fb1";
const compared = (sha = HEAD, ahead_by = 1) => ({
	body: {
		ahead_by,
		behind_by: 0,
		commits: ahead_by === 0 ? [] : [{ sha }],
		merge_base_commit: { sha },
		files: [],
	},
});

test("REVIEW-2: the commit that was seen is merged, once; another head is refused; a repeat after a lost answer tells of the merge", () =>
	inTown(async (town) => {
		const answers: Answers = {
			[COMPARE]: compared(),
			"POST /merges": { status: 201, body: { sha: "c".repeat(40) } },
		};
		const { order, asked, row, review } = begin(town, answers);
		expect(await order({ kind: "merge-pr", head: "a".repeat(40) })).toEqual({
			is: "refused",
			message: "Its head changed from aaaaaaaa to bbbbbbbb after you looked; nothing was merged.",
		});
		expect(asked).not.toContain("POST /merges");
		expect(await order({ kind: "merge-pr", head: HEAD })).toEqual({ is: "done" });
		expect(town.bead(review)?.status).toBe("closed");
		expect(town.bead("b1")?.status).toBe("closed");
		expect(row()?.merge_commit).toBe("c".repeat(40));
		expect(await order({ kind: "merge-pr", head: HEAD })).toEqual({ is: "done" });
		expect(asked.filter((one) => one === "POST /merges")).toHaveLength(1);
	}));

test("REVIEW-2: a merge whose answer was lost is told when nothing is left to merge; a conflict is refused in the forge's words", () =>
	inTown(async (town) => {
		const answers: Answers = {
			[COMPARE]: compared(),
			"POST /merges": { status: 409, body: { message: "Merge conflict" } },
		};
		const { order, review } = begin(town, answers);
		expect(await order({ kind: "merge-pr", head: HEAD })).toEqual({
			is: "refused",
			message: "The forge answered 409: Merge conflict",
		});
		answers["POST /merges"] = { status: 502 };
		await expect(order({ kind: "merge-pr", head: HEAD })).rejects.toThrow("502");
		answers[COMPARE] = compared(HEAD, 0);
		expect(await order({ kind: "merge-pr", head: HEAD })).toEqual({ is: "done" });
		expect(town.bead(review)?.status).toBe("closed");
	}));

test("REVIEW-2: a rig's token is shown to the rig's own forge only", () =>
	inTown(async (town) => {
		const { order, asked, row, set, review } = begin(town, { [COMPARE]: compared() });
		set(() =>
			updateRow(town.town.sql, reviewMetadata, [review], { pr_url: "https://evil.example/o/shop/pull/1" }),
		);
		expect(await order({ kind: "poll-pr" })).toMatchObject({ is: "refused" });
		expect(row()).toMatchObject({
			poll_error_kind: "host_mismatch",
			poll_failures: 1,
			polled_ok_at: null,
			change: { ahead: 1, checks: null },
		});
		expect(asked.every((one) => !one.includes("evil"))).toBe(true);
	}));

test("REVIEW-2: where an address leads nowhere, the forge is asked for another pull request of the branch, and what it says is kept", () =>
	inTown(async (town) => {
		const list = "GET /pulls?state=all&sort=created&direction=desc&head=o%3Apolecat%2Fb1";
		const other = "https://forge.example/o/shop/pull/9";
		const answers: Answers = { [COMPARE]: compared(), [list]: { body: [] } };
		const { order, row, set, review } = begin(town, answers);
		set(() => updateRow(town.town.sql, reviewMetadata, [review], { pr_url: `${other}99` }));
		await order({ kind: "poll-pr" });
		expect(row()).toMatchObject({ poll_error_kind: "http_404", branch_pr: { url: null } });
		answers[list] = {
			body: [
				{ head: { ref: "polecat/b10" }, html_url: `${other}0` },
				{ head: { ref: "polecat/b1" }, html_url: other },
			],
		};
		await order({ kind: "poll-pr" });
		expect(row()?.branch_pr).toEqual({ at: expect.any(String), url: other });
		// What cannot be read says nothing about it.
		answers[list] = { status: 502 };
		await order({ kind: "poll-pr" }).catch(() => undefined);
		expect(row()?.branch_pr?.url).toBe(other);
	}));

test("REVIEW-2: a pull request is linked when the forge knows it and it is of this branch", () =>
	inTown(async (town) => {
		const url = "https://forge.example/o/shop/pull/7";
		const pull = {
			state: "open",
			merged: false,
			merge_commit_sha: null,
			mergeable_state: "clean",
			head: { ref: "other" },
		};
		const answers: Answers = { "GET /pulls/7": { body: pull } };
		const { order, row } = begin(town, answers);
		expect(await order({ kind: "link-pr", url: "https://forge.example/o/shop/pull/8" })).toEqual({
			is: "refused",
			message: "The forge answered 404: Not Found",
		});
		expect(await order({ kind: "link-pr", url })).toMatchObject({ is: "refused" });
		expect(row()?.pr_url).toBeNull();
		pull.head.ref = "polecat/b1";
		expect(await order({ kind: "link-pr", url })).toEqual({ is: "done" });
		expect(row()).toMatchObject({ pr_url: url, pr_state: "open", mergeable_state: "clean" });
	}));

test("REVIEW-2 DIAG-1: when the forge last answered is kept, whatever fails after it", () =>
	inTown(async (town) => {
		const pull = {
			state: "open",
			merged: false,
			merge_commit_sha: null,
			mergeable_state: "clean",
			head: { ref: "x" },
		};
		const answers: Answers = { [COMPARE]: compared(), "GET /pulls/4": { body: pull } };
		const { order, row, set, review } = begin(town, answers);
		const url = "https://forge.example/o/shop/pull/4";
		set(() => updateRow(town.town.sql, reviewMetadata, [review], { pr_url: url }));
		await order({ kind: "poll-pr" });
		const answered = row()?.polled_ok_at;
		expect(answered).toBe(row()?.last_poll_at);
		expect(answered).not.toBeNull();
		answers["GET /pulls/4"] = { status: 502 };
		await order({ kind: "poll-pr" }).catch(() => undefined);
		expect(row()).toMatchObject({ poll_failures: 1, poll_error_kind: "http_502", polled_ok_at: answered });
	}));
