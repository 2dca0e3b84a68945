import { type Bead, modelOf, nextDispatchAt, workerFor } from "../gastown/index.ts";
import { labelsOf, timeOf } from "../town-view/index.ts";
import { isOfClone } from "./clone-failed.ts";
import { bead, behindBead, distinct, type Facts, rowOf, told } from "./facts.ts";
import type { Finding, RemedyStep } from "./finding.ts";
import { attemptsOf } from "./journals.ts";
import { push } from "./lists.ts";
import { startAgain, step } from "./remedies.ts";
import { crashed } from "./stuck-agent.ts";
import { STARTS_FAILING } from "./thresholds.ts";
import { ago, count, inShort, span } from "./words.ts";

/** "My bead has been open forever": its starts fail and not all are used (scenarios.md §2). Equal errors of a rig are one line. */
export function dispatchFailing(facts: Facts): Finding[] {
	const failing = new Map<string, Bead[]>();
	for (const one of facts.unfinished) {
		if (one.status !== "open" || one.last_dispatch_error === null) continue;
		if (one.dispatch_attempts < STARTS_FAILING || one.dispatch_attempts >= facts.maxAttempts(one.rig_id))
			continue;
		if (isOfClone(facts, one) || crashed(facts).has(one.bead_id)) continue;
		push(failing, JSON.stringify([one.rig_id, one.last_dispatch_error]), one);
	}
	return [...failing.values()].map((list) => tellFailing(facts, list));
}

function tellFailing(facts: Facts, list: Bead[]): Finding {
	const [worst, ...others] = list.sort((a, b) => b.dispatch_attempts - a.dispatch_attempts) as [
		Bead,
		...Bead[],
	];
	const { now } = facts;
	const error = worst.last_dispatch_error ?? "";
	const last = timeOf(worst.last_dispatch_attempt_at) ?? now;
	const next = nextDispatchAt(worst, facts.limits.back_off_ms);
	const max = facts.maxAttempts(worst.rig_id);
	const setting = settingIn(facts, worst, error);
	return told({
		code: "bead.dispatch-failing",
		severity: "warning",
		subject: bead(worst.bead_id),
		sentence: `${facts.title(worst.bead_id)}${others.length > 0 ? ` and ${others.length} more` : ""} failed to start ${worst.dispatch_attempts} of ${max} times: ${inShort(error)}`,
		measured: [
			`The last start was ${ago(now - last)}; ${next !== null && next > now ? `the next is in ${span(next - now)}` : "the next is due"}, ${count(max - worst.dispatch_attempts, "start")} left.`,
			...(setting ? [`The model ${setting.model} is named in the error, and set as default_model.`] : []),
		],
		evidence: [
			...list
				.slice(0, 3)
				.map((one) =>
					rowOf(
						`${one.dispatch_attempts} starts failed`,
						"beads",
						one.bead_id,
						timeOf(one.last_dispatch_attempt_at),
					),
				),
			...attemptsOf(facts, worst.bead_id).slice(-3),
		],
		since: timeOf(worst.status_since) ?? last,
		behind: distinct([
			...others.map((one) => bead(one.bead_id)),
			...list.flatMap((one) => behindBead(facts, one)),
		]),
		recovers: {
			who: "button",
			text: setting
				? "Not by itself: the setting that the error names has to change."
				: `Each start may go well; after ${max} it is given up. Retry it once the cause has gone.`,
		},
		remedy: [...(setting ? [setting.step] : []), ...startAgain(facts, worst.bead_id)],
		ruledOut: ["back-off alone (the starts fail)", "the clone of its repository", "a crash at work"],
		needs: setting ? [] : ["which setting or service the error is about"],
		because: "container.*:container:container",
	});
}

/** The setting whose value the error names: the model that a rig or the town has chosen. Without it the default holds. */
function settingIn(facts: Facts, work: Bead, error: string): { model: string; step: RemedyStep } | null {
	const { look } = facts;
	const own = work.rig_id === null ? null : look.rig(work.rig_id)?.config;
	const model = modelOf(workerFor({ type: work.type, labels: labelsOf(work) }), look.town("config"), own);
	if (!error.includes(model)) return null;
	for (const [rig, config] of [
		[work.rig_id, own],
		[null, look.town("config")],
	] as const)
		if (config?.default_model === model)
			return { model, step: step("config.set", "town", { rig, key: "default_model", value: null }) };
	return null;
}
