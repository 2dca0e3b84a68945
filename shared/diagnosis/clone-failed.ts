import { type Bead, type GitFailure, type Rig, readGitUrl } from "../gastown/index.ts";
import { winningSource } from "../interventions/credential.ts";
import { timeOf } from "../town-view/index.ts";
import { tokenRow } from "./credential-words.ts";
import { bead, behindBead, distinct, type Facts, once, rigOf, rowOf, told } from "./facts.ts";
import type { Finding, Recovery, RemedyStep } from "./finding.ts";
import { attemptsOf } from "./journals.ts";
import { firstOf, startAgain, step } from "./remedies.ts";
import { COPIED_MS } from "./thresholds.ts";
import { ago, count, inShort, span } from "./words.ts";

/** What keeps a rig's repository from being there: git said so, or no source gives a token to ask with. */
type Clone = { failure: GitFailure | null; source: string | null; since: number; beads: Set<Bead> };

/** "My agent isn't doing anything": its repository could not be fetched (scenarios.md §1). One line for each rig. */
export const cloneFailed = (facts: Facts): Finding[] =>
	[...clones(facts)].map(([rig, clone]) => tellClone(facts, rig, clone));

/** Its starts fail for its rig's repository: told there, once. */
export const isOfClone = (facts: Facts, work: Bead): boolean =>
	work.rig_id !== null && (clones(facts).get(work.rig_id)?.beads.has(work) ?? false);

const clones = once((facts) => {
	const found = new Map<string, Clone>();
	for (const failure of facts.gitFailures)
		if (failure.operation === "clone" || failure.operation === "fetch")
			found.set(failure.rig_id, {
				...{ failure, beads: new Set<Bead>() },
				source: winningSource(failure.rig_id, facts.look),
				since: timeOf(failure.since) ?? facts.now,
			});
	for (const rig of facts.view.tables.rigs.values())
		if (!found.has(rig.id) && hasNoSource(facts, rig))
			found.set(rig.id, { failure: null, source: null, since: 0, beads: new Set() });
	for (const one of facts.unfinished) {
		const clone = one.rig_id === null || one.last_dispatch_error === null ? undefined : found.get(one.rig_id);
		const tried = timeOf(one.last_dispatch_attempt_at);
		if (clone && tried !== null && tried >= clone.since - COPIED_MS) clone.beads.add(one);
	}
	// A rig without a source hurts nobody until a start has failed for it, nor one whose work has all ended since.
	for (const [rig, clone] of found)
		if (clone.beads.size === 0 && (clone.failure === null || isQuiet(facts, rig))) found.delete(rig);
	return found;
});

/** Nothing gives a token, and whoever asked for one was told so. */
const hasNoSource = ({ look }: Facts, rig: Rig): boolean =>
	readGitUrl(rig.git_url) !== null &&
	winningSource(rig.id, look) === null &&
	look.credential(rig.id, "git")?.source === "none";

const isQuiet = ({ unfinished }: Facts, rig: string): boolean =>
	!unfinished.some((one) => one.rig_id === rig && one.status !== "failed");

function tellClone(facts: Facts, rig: string, { failure, source, ...clone }: Clone): Finding {
	const { look, now } = facts;
	const beads = [...clone.beads];
	const first = beads[0];
	const since =
		failure === null
			? Math.min(now, ...beads.map((one) => timeOf(one.last_dispatch_attempt_at) ?? now))
			: clone.since;
	const known = look.credential(rig, "git");
	const verified = timeOf(known?.verified_at);
	const said = failure?.stderr || first?.last_dispatch_error || "git said nothing";
	return told({
		code: "agent.clone-failed",
		severity: "critical",
		subject: rigOf(rig),
		sentence:
			source === null
				? `Nothing of rig ${facts.rigName(rig)} can be started: no integration is linked to it and no token is set, ${count(beads.length, "bead")} met that`
				: `The repository of rig ${facts.rigName(rig)} could not be fetched${failure ? `, ${count(failure.times, "try", "tries")} in ${span(now - since)}` : ""}: ${inShort(said)}`,
		measured: [
			`git: ${inShort(said, 160)}`,
			known
				? `Its token (${known.source}) was ${verified === null ? "never verified" : `verified ${ago(now - verified)}`}; the newest answer: ${known.last_outcome ?? "none"}${known.last_message ? `, ${inShort(known.last_message, 60)}` : ""}.`
				: "Nothing is known of its token.",
		],
		evidence: [
			...(failure
				? [
						rowOf(
							`${failure.operation} ${failure.outcome}`,
							"town_state",
							"git_failures",
							timeOf(failure.at),
						),
						rowOf("the command", "git_operations", String(failure.id), timeOf(failure.at)),
					]
				: [rowOf("no source of a token", "rigs", rig)]),
			...(known ? [tokenRow(`its token: ${known.last_outcome}`, known, timeOf(known.last_outcome_at))] : []),
			...beads
				.slice(0, 2)
				.map((one) =>
					rowOf("a start that failed", "beads", one.bead_id, timeOf(one.last_dispatch_attempt_at)),
				),
			...(first ? attemptsOf(facts, first.bead_id).slice(-2) : []),
		],
		since,
		behind: distinct(beads.flatMap((one) => [bead(one.bead_id), ...behindBead(facts, one)])),
		...wayOut(facts, rig, { said, source, first }),
		ruledOut: ["an agent's crash", "the container's death", "a model that refuses"],
		needs: known ? [] : ["what the forge says of the rig's token"],
		// Why it may not: any cause of this credential stands above it.
		because: `credential.*:credential:${rig}/git`,
	});
}

const REFUSED = /\b(401|403|404)\b|not found|denied|authentication|could not read username|no token/i;

/** A source that works, then the start anew. What only the town's owner has is asked of the owner. */
function wayOut(
	facts: Facts,
	rig: string,
	{ said, source, first }: { said: string; source: string | null; first: Bead | undefined },
): { recovers: Recovery; remedy: RemedyStep[] } {
	const again = first ? startAgain(facts, first.bead_id) : [];
	const name = facts.rigName(rig);
	if (source !== null && !REFUSED.test(said))
		return {
			recovers: {
				who: "button",
				text: "When its forge answers again; each start tries it. Retry what has used up its starts.",
			},
			remedy: again,
		};
	const other = [...facts.view.tables.rigs.values()].find(
		(one) =>
			one.id !== rig &&
			one.platform_integration_id &&
			`integration:${one.platform_integration_id}` !== source,
	)?.platform_integration_id;
	const mend =
		source === "manual" ? step("credential.clear-token", rig)
		: other ? step("credential.relink", rig, { integration: other })
		: null; // biome-ignore format: a table
	const taken = mend ? firstOf(facts, mend) : [];
	if (taken.length > 0)
		return {
			recovers: {
				who: "button",
				text:
					source === "manual"
						? "Not by itself: the token that was set by hand wins. Without it, the rig's integration is asked."
						: "Not by itself: it needs a source that may read this repository.",
			},
			remedy: [...taken, ...again],
		};
	return {
		recovers: {
			who: "user",
			text: "The town's owner: link an integration that covers this repository. A token can be set by hand under Credentials & config.",
			message: `Rig ${name} of your town cannot fetch its repository (${inShort(said)}). Please connect it in your town's settings to an integration that covers the repository; work goes on by itself then.`,
		},
		remedy: [step("credential.set-token", rig), ...again],
	};
}
