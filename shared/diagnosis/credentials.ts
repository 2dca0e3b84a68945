import type { RigCredential } from "../gastown/index.ts";
import { timeOf } from "../town-view/index.ts";
import { resolverFailing, revoked, wrongIntegration } from "./credential-source.ts";
import {
	capital, evidenceOf, failuresOf, isHeldBack, lastGood, needing, refreshOf, subjectOf, tokenRow, whose,
} from "./credential-words.ts"; // biome-ignore format: a list
import { type Facts, told } from "./facts.ts";
import type { Finding, Recovery, RemedyStep } from "./finding.ts";
import { isPossible, step } from "./remedies.ts";
import { ago, inShort, span } from "./words.ts";

/** "GitHub says permission denied" (scenarios.md §5): of each credential what stands first in the way, from its source to its holder. */
export const credentials = (facts: Facts): Finding[] =>
	[...facts.view.tables.rig_credentials.values()].flatMap((one) => {
		for (const rule of [revoked, resolverFailing, wrongIntegration, expired, stale]) {
			const finding = rule(facts, one);
			if (finding) return [finding];
		}
		return [];
	});

/** Past its time and not renewed. While nothing has failed of it, it may be renewed at its next use: a notice. */
function expired(facts: Facts, one: RigCredential): Finding | null {
	const { now, limits } = facts;
	const at = timeOf(one.expires_at);
	if (at === null || now - at < limits.git_token_slack_ms) return null;
	const answered = timeOf(one.last_outcome_at);
	const asked = answered !== null && answered >= at && one.last_outcome !== "ok";
	const hurts = isHeldBack(one) || asked;
	const why = isHeldBack(one)
		? `: ${failuresOf(one)} denied since`
		: asked
			? `: ${inShort(one.last_message ?? "its renewal failed")}`
			: "; nothing has needed it since";
	return told({
		code: "credential.expired",
		severity: hurts ? "critical" : "notice",
		subject: subjectOf(one),
		sentence: `${capital(whose(facts, one))} ${one.credential} token expired ${ago(now - at)}${why}`,
		measured: [
			`Source ${one.source}${one.fingerprint ? `, fingerprint ${one.fingerprint}` : ""}; last good ${lastGood(facts, one)}.`,
		],
		evidence: [tokenRow("expiry", one, at), ...evidenceOf(facts, one)],
		since: at,
		behind: hurts ? needing(facts, one) : [],
		...(hurts
			? renewal(facts, one, at)
			: {
					recovers: { who: "self", at: null, text: "It is renewed when it is needed next." },
				}),
		ruledOut: ["a revoked integration", "a token that is still valid"],
		needs: hurts ? [] : ["an answer of the forge since it expired"],
	});
}

/** One of an integration, or the town's own, is made anew; one that a person gave can only be given anew. */
function renewal(facts: Facts, one: RigCredential, at: number): { recovers: Recovery; remedy: RemedyStep[] } {
	const anew = one.credential === "container" || one.source.startsWith("integration:");
	const refresh = refreshOf(one);
	if (anew && isPossible(facts, refresh))
		return {
			recovers: {
				who: "button",
				text: `The town asks for another at its next use; it was to be renewed ${span(facts.now - at)} ago and was not.`,
			},
			remedy: [refresh],
		};
	const set = step("credential.set-token", one.rig_id);
	return {
		recovers: {
			who: "user",
			text: `The town's owner: it was to be renewed ${span(facts.now - at)} ago and was not. Only its owner can connect it again.`,
			message: pleaseRenew(facts, one, at),
		},
		remedy: one.credential === "git" && isPossible(facts, set) ? [set] : [],
	};
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

/** What the processes hold is not what was found last, though the container had time to take it. */
function stale(facts: Facts, one: RigCredential): Finding | null {
	const { now, container, limits } = facts;
	const { fingerprint, held_fingerprint: held } = one;
	const since = timeOf(one.fingerprint_at);
	if (container?.status !== "running" || !fingerprint || !held || fingerprint === held) return null;
	if (since === null || now - since < limits.git_token_stale_ms) return null;
	const refresh = refreshOf(one);
	return told({
		code: "credential.stale-in-container",
		severity: isHeldBack(one) ? "critical" : "warning",
		subject: subjectOf(one),
		sentence: `The container still uses an old ${one.credential} token of ${whose(facts, one, "")}: a newer one is there since ${span(now - since)}${isHeldBack(one) ? `, and ${failuresOf(one)} denied` : ""}`,
		measured: [`It holds ${held.slice(0, 8)}; the newest is ${fingerprint.slice(0, 8)}, from ${one.source}.`],
		evidence: [
			tokenRow("the newest token", one, since),
			tokenRow("what the container holds", one, timeOf(one.held_at)),
			...evidenceOf(facts, one),
		],
		since,
		behind: needing(facts, one),
		recovers: {
			who: "button",
			text: "The town tries again, each time after a longer wait. Hand it out now.",
		},
		remedy: isPossible(facts, refresh) ? [refresh] : [],
		ruledOut: ["an expired token", "a revoked integration", "a container that holds none"],
	});
}
