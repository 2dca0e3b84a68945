import type { RigCredential } from "../gastown/index.ts";
import { timeOf } from "../town-view/index.ts";
import { agent, bead, distinct, type Facts, rowOf, told } from "./facts.ts";
import type { Finding, Subject } from "./finding.ts";
import { EXPIRY_SLACK_MS } from "./thresholds.ts";
import { ago, count, inShort, span } from "./words.ts";

/** "GitHub says permission denied" (scenarios.md §5). */
export const credentials = (facts: Facts): Finding[] =>
	[...facts.view.tables.rig_credentials.values()].flatMap((one) => expired(facts, one));

/** Past its time and not renewed. While nothing has failed of it, it may be renewed at its next use: a notice. */
function expired(facts: Facts, one: RigCredential): Finding[] {
	const { now, view } = facts;
	const at = timeOf(one.expires_at);
	if (at === null || now - at < EXPIRY_SLACK_MS || one.last_outcome === "revoked") return [];
	const refused = timeOf(one.last_outcome_at);
	const asked = refused !== null && refused >= at && one.last_outcome !== "ok";
	const hurts = one.failures_since_ok > 0 || asked;
	const town = one.rig_id === "town";
	const whose = town ? "the town's" : `rig ${facts.rigName(one.rig_id)}'s`;
	const key = JSON.stringify([one.rig_id, one.credential]);
	const failures = count(one.failures_since_ok, "git operation");
	return [
		told({
			code: "credential.expired",
			severity: hurts ? "critical" : "notice",
			subject: { kind: "credential", id: `${one.rig_id}/${one.credential}` },
			sentence:
				`${capital(whose)} ${one.credential} token expired ${ago(now - at)}` +
				(one.failures_since_ok > 0
					? `: ${failures} ${one.failures_since_ok === 1 ? "was" : "were"} denied since`
					: asked
						? `: ${inShort(one.last_message ?? "its renewal failed")}`
						: "; nothing has needed it since"),
			measured: [
				`Source ${one.source}${one.fingerprint ? `, fingerprint ${one.fingerprint}` : ""}; last good ${lastGood(facts, one)}.`,
			],
			evidence: [
				rowOf("expiry", "rig_credentials", key, at),
				...(refused === null
					? []
					: [rowOf(`last answer: ${one.last_outcome}`, "rig_credentials", key, refused)]),
				...[...view.tables.git_operations.values()]
					.filter((operation) => operation.outcome === "denied" && (town || operation.rig_id === one.rig_id))
					.slice(-3)
					.map((operation) =>
						rowOf(
							`${operation.operation} denied`,
							"git_operations",
							String(operation.id),
							timeOf(operation.at),
						),
					),
			],
			since: at,
			behind: hurts ? needing(facts, one) : [],
			recovers: hurts
				? {
						who: "user",
						text: `The town's owner: it was to be renewed ${span(now - at)} ago and was not. It can be tried in Credentials & config; where that is refused, only its owner can connect it again.`,
						message: pleaseRenew(facts, one, at),
					}
				: { who: "self", at: null, text: "It is renewed when it is needed next." },
			ruledOut: ["a revoked integration", "a token that is still valid"],
			needs: asked || one.failures_since_ok > 0 ? [] : ["an answer of the forge since it expired"],
		}),
	];
}

function pleaseRenew(facts: Facts, one: RigCredential, at: number): string {
	const rig = one.rig_id === "town" ? "Your town" : `Rig ${facts.rigName(one.rig_id)} of your town`;
	const needs = one.credential === "git" ? "can neither fetch nor push" : "gets no answer from its models";
	const answer =
		one.last_message && one.last_outcome !== "ok" ? ` (the answer: "${inShort(one.last_message)}")` : "";
	const when = new Date(at).toISOString().slice(0, 16).replace("T", " ");
	const source = one.source.replace(/^integration:/, "the integration ");
	return `${rig} ${needs}: its ${one.credential} token expired at ${when} UTC and was not renewed${answer}. It comes from ${source}. Please open your town's settings and connect it again; work goes on by itself then.`;
}

function lastGood(facts: Facts, one: RigCredential): string {
	const times = [timeOf(one.resolved_at), timeOf(one.verified_at)].filter((at) => at !== null);
	return times.length === 0 ? "never seen" : ago(facts.now - Math.max(...times));
}

/** Agents at work in the rig and beads whose work has still to be fetched or pushed. */
function needing(facts: Facts, one: RigCredential): Subject[] {
	const inRig = (rig: string | null | undefined) => one.rig_id === "town" || rig === one.rig_id;
	return distinct([
		...facts.agents
			.filter((row) => row.status === "working" && inRig(facts.look.bead(row.bead_id)?.rig_id))
			.map((row) => agent(row.bead_id)),
		...facts.unfinished
			.filter((row) => (row.status === "in_progress" || row.status === "in_review") && inRig(row.rig_id))
			.map((row) => bead(row.bead_id)),
	]);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
