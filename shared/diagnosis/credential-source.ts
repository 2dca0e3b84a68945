import { type Rig, type RigCredential, readGitUrl } from "../gastown/index.ts";
import { timeOf } from "../town-view/index.ts";
import {
	capital, evidenceOf, failuresOf, isHeldBack, lastGood, needing, refreshOf, stillValid, subjectOf, whose,
} from "./credential-words.ts"; // biome-ignore format: a list
import { type Facts, told } from "./facts.ts";
import type { Finding, RemedyStep } from "./finding.ts";
import { isPossible, step } from "./remedies.ts";
import { RESOLVER_MS } from "./thresholds.ts";
import { inShort, span } from "./words.ts";

/** What goes wrong where a rig's git token comes from: nobody gives one, or one of something else. */

const since = (facts: Facts, one: RigCredential): number =>
	timeOf(one.failing_since) ?? timeOf(one.last_outcome_at) ?? facts.now;

export function revoked(facts: Facts, one: RigCredential): Finding | null {
	if (one.last_outcome !== "revoked") return null;
	const at = since(facts, one);
	const other = relink(facts, one);
	const source = one.source.replace(/^integration:/, "integration ");
	const rig = `rig ${facts.rigName(one.rig_id)}`;
	return told({
		code: "credential.revoked",
		severity: stillValid(facts, one) ? "warning" : "critical",
		subject: subjectOf(one),
		sentence: `${capital(whose(facts, one))} access to its repository was revoked: no new ${one.credential} token is given since ${span(facts.now - at)}`,
		measured: [
			`${capital(source)}: ${inShort(one.last_message ?? "revoked", 120)}`,
			`Last good ${lastGood(facts, one)}${isHeldBack(one) ? `; ${failuresOf(one)} denied since` : ""}.`,
		],
		evidence: evidenceOf(facts, one),
		since: at,
		behind: needing(facts, one),
		recovers: {
			who: "user",
			text: other
				? "The town's owner installs it again. Until then another integration can be linked."
				: "The town's owner has to install it again.",
			message: `${capital(rig)} of your town can neither fetch nor push: access of ${source} was revoked. Please install it again for this repository, or connect another; work goes on by itself then.`,
		},
		remedy: other ? [other] : [],
		ruledOut: ["a token that only expired", "a token service that does not answer"],
	});
}

/** The service that gives tokens fails; who has none at all is another matter, as is one that is not linked. */
export function resolverFailing(facts: Facts, one: RigCredential): Finding | null {
	if (one.credential !== "git" || one.last_type !== "resolve" || one.source === "none") return null;
	if (one.last_outcome !== "failed" && one.last_outcome !== "unauthorized") return null;
	if (givesNone(one)) return null;
	const at = since(facts, one);
	const valid = stillValid(facts, one);
	const answer = one.last_status === null ? "does not answer" : `answers ${one.last_status}`;
	const refresh = refreshOf(one);
	const set = step("credential.set-token", one.rig_id);
	return told({
		code: "credential.resolver-failing",
		severity: valid ? (facts.now - at < RESOLVER_MS ? "notice" : "warning") : "critical",
		subject: subjectOf(one),
		sentence: `No new git token for rig ${facts.rigName(one.rig_id)} since ${span(facts.now - at)}: the token service ${answer}`,
		measured: [
			inShort(one.last_message ?? "It said nothing.", 160),
			`Last good ${lastGood(facts, one)}; ${valid ? "the token from then still holds" : "no token holds now"}${isHeldBack(one) ? `, ${failuresOf(one)} denied since` : ""}.`,
		],
		evidence: evidenceOf(facts, one),
		since: at,
		behind: valid ? [] : needing(facts, one),
		recovers: {
			who: "self",
			at: null,
			text: "When the token service is well again: the town asks it again. A token that is set by hand works at once.",
		},
		remedy: [refresh, set].filter((one) => isPossible(facts, one)),
		ruledOut: ["a revoked integration", "a rig without an integration"],
		needs: one.last_message ? [] : ["the token service's words"],
	});
}

/** Its token service gives none for this repository, by its own words: another integration does. */
const givesNone = ({ source, last_type, last_outcome, last_status }: RigCredential): boolean =>
	source.startsWith("integration:") &&
	last_type === "resolve" &&
	last_outcome === "unauthorized" &&
	last_status === 403;

/** It gives tokens, and the forge knows them, but not for this repository; or its token service says that already. */
export function wrongIntegration(facts: Facts, one: RigCredential): Finding | null {
	const none = givesNone(one);
	if (!none && (one.last_type !== "verify" || one.last_outcome !== "unauthorized")) return null;
	if (!one.source.startsWith("integration:") || !OUTSIDE.includes(one.last_status ?? 0)) return null;
	const at = since(facts, one);
	const other = relink(facts, one);
	const place = readGitUrl(facts.look.rig(one.rig_id)?.git_url ?? "");
	const repository = place ? `${place.owner}/${place.name}` : "its repository";
	const linked = one.source.slice("integration:".length);
	return told({
		code: "credential.wrong-integration",
		severity: "critical",
		subject: subjectOf(one),
		sentence: `Rig ${facts.rigName(one.rig_id)} is linked to an integration that does not cover ${repository}: the ${none ? "token service" : "forge"} answers ${one.last_status}`,
		measured: [
			`Integration ${inShort(linked, 40)} gives ${none ? "no token for it" : "tokens, and the forge says"}: ${inShort(one.last_message ?? "no access", 120)}`,
		],
		evidence: evidenceOf(facts, one),
		since: at,
		behind: needing(facts, one),
		recovers: other
			? { who: "button", text: "Not by itself: link the integration that covers it." }
			: {
					who: "user",
					text: "The town's owner has to give it this repository, or connect one that has it.",
					message: `Rig ${facts.rigName(one.rig_id)} of your town cannot reach ${repository}: integration ${linked} does not cover it. Please add the repository to it, or connect one that covers it.`,
				},
		remedy: other ? [other] : [],
		ruledOut: [
			none ? "a revoked integration: its words are others" : "a revoked integration: it gives tokens",
			"an expired token",
		],
		needs: other ? [] : [`an integration that covers ${repository}`],
	});
}

/** The forge's answers to a token that it knows, of a repository that the token does not reach or may not push to. */
const OUTSIDE: readonly number[] = [200, 403, 404];

/** Another integration of the town: that of a rig of the same owner which works, or the town's; null where none is known. */
function relink(facts: Facts, one: RigCredential): RemedyStep | null {
	const { rigs } = facts.view.tables;
	const ownerOf = (rig: Rig | undefined) => readGitUrl(rig?.git_url ?? "")?.owner;
	const owner = ownerOf(rigs.get(one.rig_id));
	const siblings = [...rigs.values()]
		.filter((rig) => rig.id !== one.rig_id && ownerOf(rig) === owner)
		.filter(({ id }) => facts.look.credential(id, "git")?.last_outcome === "ok")
		.map(({ platform_integration_id: id }) => id);
	const auth = facts.look.town("config")?.git_auth as Record<string, unknown> | null | undefined;
	const candidates = [...siblings, auth?.platform_integration_id]
		.filter((id): id is string => typeof id === "string" && `integration:${id}` !== one.source)
		.map((integration) => step("credential.relink", one.rig_id, { integration }));
	return candidates.find((candidate) => isPossible(facts, candidate)) ?? null;
}
