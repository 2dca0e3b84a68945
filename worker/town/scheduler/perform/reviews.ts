import { readPullUrl, reviewMetadata, thresholdsOf } from "../../../../shared/gastown/index.ts";
import { redact } from "../../../../shared/redaction/index.ts";
import { applyMove, needBead } from "../../beads.ts";
import { completeReview, mayMoveReview } from "../../reviews.ts";
import { getRow, updateRow } from "../../rows.ts";
import { isoNow, ok, type Result } from "../../town.ts";
import { townValue } from "../../town-state.ts";
import type { Action } from "../actions.ts";
import { act, type SchedulerHost } from "../host.ts";
import type { Effect } from "../scheduler.ts";

type Of<T extends Action["type"]> = Extract<Action, { type: T }>;
type Pull = { state: string; merged: boolean; merge_commit_sha: string | null; mergeable_state: string };
type Asked = { ok: true; pull: Pull } | { ok: false; kind: string; message: string; lasting: boolean };

const TIMEOUT_MS = 10_000;

/** Asks the forge how a merge request's PR is (REVIEW-2). What could not be asked is kept with its kind and words. */
export const pollPr =
	(host: SchedulerHost, { review }: Pick<Of<"poll_pr">, "review">): Effect =>
	async () => {
		const asked = await askForge(host, review, "GET", "");
		act(host, "poll_pr", (town) => {
			// It may have ended while the forge was asked: then its answer is history.
			const polled = mayMoveReview(town, review, "poll");
			if (!polled.ok) return polled;
			const row = polled.value.review;
			if (!asked.ok) {
				const failures = row.poll_failures + 1;
				const said = {
					poll_failures: failures,
					poll_error_kind: asked.kind,
					poll_error: asked.message,
					last_poll_at: isoNow(town),
				};
				updateRow(town.sql, reviewMetadata, [review], said);
				const { poll_failures_lasting, poll_failures_transient } = thresholdsOf(townValue(town, "config"));
				if (failures < (asked.lasting ? poll_failures_lasting : poll_failures_transient)) return ok(null);
				return completeReview(town, {
					entry_id: review,
					status: "failed",
					message: asked.message,
					commit_sha: null,
				});
			}
			const { state, merged, mergeable_state, merge_commit_sha } = asked.pull;
			const pr_state = merged ? "merged" : state;
			const fresh = { pr_state, mergeable_state, poll_failures: 0, poll_error_kind: null, poll_error: null };
			const changed =
				row.pr_state !== pr_state || row.mergeable_state !== mergeable_state || row.poll_failures > 0;
			updateRow(town.sql, reviewMetadata, [review], {
				...(changed ? fresh : {}),
				last_poll_at: isoNow(town),
			});
			if (merged)
				return completeReview(town, {
					entry_id: review,
					status: "merged",
					message: "",
					commit_sha: merge_commit_sha,
				});
			const failed = (status: "failed" | "conflict", message: string) =>
				completeReview(town, { entry_id: review, status, message, commit_sha: null });
			if (state === "closed") return failed("failed", "The pull request was closed without being merged.");
			return mergeable_state === "dirty"
				? failed("conflict", "The pull request conflicts with its target.")
				: ok(null);
		});
	};

export const mergePr =
	(host: SchedulerHost, { review }: Of<"merge_pr">): Effect =>
	async () => {
		const merged = await askForge(host, review, "PUT", "/merge");
		if (!merged.ok) throw new Error(merged.message);
		await pollPr(host, { review })();
	};

export const noteReady = (
	host: SchedulerHost,
	{ review, ready }: Of<"note_ready_to_merge">,
): Result<unknown> =>
	act(host, "note_ready_to_merge", (town) => {
		const polled = mayMoveReview(town, review, "poll");
		if (!polled.ok) return polled;
		updateRow(town.sql, reviewMetadata, [review], { auto_merge_ready_since: ready ? isoNow(town) : null });
		return ok(null);
	});

export const recoverReview = (host: SchedulerHost, { review, why }: Of<"recover_review">): Result<unknown> =>
	act(host, "recover_review", (town) => {
		const found = mayMoveReview(town, review, "recover");
		return found.ok
			? applyMove(town, found.value.bead, "release", { by: why, patch: { assignee_agent_bead_id: null } })
			: found;
	});

async function askForge(host: SchedulerHost, review: string, method: string, path: string): Promise<Asked> {
	const lasting = (kind: string, message: string): Asked => ({ ok: false, kind, message, lasting: true });
	const bead = needBead(host.town, review);
	const row = getRow(host.town.sql, reviewMetadata, review);
	const place = row?.pr_url ? readPullUrl(row.pr_url) : null;
	if (!bead.ok || !place)
		return lasting("unrecognized_url", `This is no URL of a pull request: ${row?.pr_url ?? "none"}`);
	const token = await host.tokens.of(bead.value.rig_id ?? "");
	if (!token.ok) return lasting("no_token", token.message);
	const url = `${place.apiBase}/repos/${place.owner}/${place.name}/pulls/${place.number}${path}`;
	try {
		const response = await host.send(url, {
			method,
			headers: { authorization: `Bearer ${token.value.token}`, "content-type": "application/json" },
			...(method === "GET" ? {} : { body: "{}" }),
			signal: AbortSignal.timeout(TIMEOUT_MS),
		});
		const body = (await response.json().catch(() => null)) as (Pull & { message?: string }) | null;
		if (response.ok && body) return { ok: true, pull: body };
		const message = redact(`The forge answered ${response.status}: ${body?.message ?? ""}`);
		return { ok: false, kind: `http_${response.status}`, message, lasting: response.status < 500 };
	} catch (error) {
		return {
			ok: false,
			kind: "network",
			message: redact(`The forge did not answer: ${String(error)}`),
			lasting: false,
		};
	}
}
