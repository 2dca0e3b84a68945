import type { RigCredential } from "../gastown/index.ts";
import { keyOf, timeOf } from "../town-view/index.ts";
import { agent, bead, distinct, type Facts, rowOf } from "./facts.ts";
import type { Evidence, RemedyStep, Subject } from "./finding.ts";
import { step } from "./remedies.ts";
import { ago, count } from "./words.ts";

/** What the rules about credentials read and say alike. */

export const subjectOf = ({ rig_id, credential }: RigCredential): Subject => ({
	kind: "credential",
	id: `${rig_id}/${credential}`,
});

/** `rig api's`, `the town's`; without `possessive` who it is. */
export const whose = (facts: Facts, { rig_id }: RigCredential, possessive = "'s"): string =>
	`${rig_id === "town" ? "the town" : `rig ${facts.rigName(rig_id)}`}${possessive}`;

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Git was refused with it since it last went well. */
export const isHeldBack = ({ failures_since_ok }: RigCredential): boolean => failures_since_ok > 0;

/** `3 git operations were`. */
export const failuresOf = ({ failures_since_ok: n }: RigCredential): string =>
	`${count(n, "git operation")} ${n === 1 ? "was" : "were"}`;

/** Its row, as evidence. */
export const tokenRow = (label: string, one: RigCredential, at: number | null): Evidence =>
	rowOf(label, "rig_credentials", keyOf("rig_credentials", one), at);

export const refreshOf = ({ rig_id, credential }: RigCredential): RemedyStep =>
	step("credential.refresh", "town", { credential, rig: credential === "git" ? rig_id : null });

export function lastGood(facts: Facts, one: RigCredential): string {
	const times = [timeOf(one.resolved_at), timeOf(one.verified_at)].filter((at) => at !== null);
	return times.length === 0 ? "never seen" : ago(facts.now - Math.max(...times));
}

/** A token that was found and has not ended: what runs can still use it. */
export const stillValid = ({ now }: Facts, one: RigCredential): boolean =>
	one.resolved_at !== null && (timeOf(one.expires_at) ?? Number.POSITIVE_INFINITY) > now && !isHeldBack(one);

/** The last answer about it, and the git operations at hand that were denied. */
export function evidenceOf({ view }: Facts, one: RigCredential): Evidence[] {
	const at = timeOf(one.last_outcome_at);
	const denied = [...view.tables.git_operations.values()].filter(
		({ outcome, rig_id }) => outcome === "denied" && (one.rig_id === "town" || rig_id === one.rig_id),
	);
	return [
		...(at === null ? [] : [tokenRow(`last answer: ${one.last_outcome}`, one, at)]),
		...denied
			.slice(-3)
			.map((git) => rowOf(`${git.operation} denied`, "git_operations", String(git.id), timeOf(git.at))),
	];
}

/** Agents at work in the rig and beads whose work has still to be fetched or pushed. */
export function needing(facts: Facts, one: RigCredential): Subject[] {
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
