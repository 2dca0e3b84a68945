import { timeOf } from "../town-view/index.ts";
import { type Facts, note, rowOf, self, TOWN } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { step } from "./remedies.ts";
import { inShort, span } from "./words.ts";

/** What holds all dispatch of the town, in the order in which it holds (scenarios.md §0). */
export function townWaits({ limits, look, now, failingStarts, lastFailedStart }: Facts): Finding[] {
	const found: Finding[] = [];
	const state = (key: string, at: string | null | undefined) => ({
		subject: TOWN,
		evidence: [rowOf(key.replace("_", " "), "town_state", key, timeOf(at))],
		since: timeOf(at) ?? now,
	});
	const billing = look.town("billing");
	if (billing?.blocked)
		found.push(
			note({
				...state("billing", billing.since),
				code: "town.billing-blocked",
				sentence: `Billing blocks the town${billing.reason ? `: ${inShort(billing.reason)}` : ""}. Nothing is started`,
				recovers: {
					who: "user",
					text: "Only the town's owner can.",
					message:
						"Your town is stopped because its billing is blocked. Please check your payment method or credits.",
				},
			}),
		);
	const policy = look.town("run_policy");
	if (policy?.policy === "paused_by_user" && policy.order !== null)
		found.push(
			note({
				...state("run_policy", policy.since),
				code: "town.paused-by-admin",
				sentence: `${policy.by ?? "An admin"} has paused the container. Nothing is started`,
				recovers: self("The pause ends by itself.", timeOf(policy.until)),
			}),
		);
	else if (policy?.policy === "paused_by_user")
		found.push(
			note({
				...state("run_policy", policy.since),
				code: "town.paused-by-user",
				sentence: "The town's owner has paused it. Nothing is started",
				recovers: {
					who: "user",
					text: "The owner paused it and can resume it.",
					message: "Your town is paused. Resume it when you want its agents to work again.",
				},
			}),
		);
	const pause = look.town("dispatch_pause");
	const until = timeOf(pause?.until);
	if (pause && until !== null && until > now)
		found.push(
			note({
				...state("dispatch_pause", pause.since),
				code: "town.dispatch-paused-by-admin",
				sentence: `${pause.by} has paused dispatch. Nothing new is started`,
				recovers: self("The pause ends by itself.", until),
			}),
		);
	const drain = look.town("drain");
	if (drain) {
		const began = timeOf(drain.started_at) ?? now;
		found.push(
			note({
				...state("drain", drain.started_at),
				code: "town.draining",
				sentence: "The container drains before a restart. Nothing new is started",
				recovers: self(
					`A drain that nobody acknowledges ends after ${span(limits.drain_clear_ms)}.`,
					began + limits.drain_clear_ms,
				),
				remedy: [step("town.clear-drain", "town")],
			}),
		);
	}
	if (failingStarts >= limits.circuit_beads)
		found.push(
			note({
				code: "town.circuit-breaker",
				subject: TOWN,
				sentence: `${failingStarts} beads failed to start within ${span(limits.circuit_window_ms)}. The town starts nothing until they are fewer`,
				since: timeOf(look.town("circuit")?.since) ?? lastFailedStart,
				recovers: self(
					`When fewer than ${limits.circuit_beads} have failed in the last ${span(limits.circuit_window_ms)}.`,
				),
				remedy: [step("town.reset-breaker", "town")],
			}),
		);
	return found;
}
