import { timeOf } from "../town-view/index.ts";
import { bead, distinct, type Facts, note, rowOf, self, TOWN, told } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { step } from "./remedies.ts";
import { INBOX_STUCK_MS, LOOK_LATE } from "./thresholds.ts";
import { townWaits } from "./town-waits.ts";
import { readyUnstarted } from "./undispatched.ts";
import { count, inShort, span } from "./words.ts";

/** The town's own loop: whether it looks, whether what waits in its inbox is done, and whether it acts (scenarios.md §0). */
export const scheduler = (facts: Facts): Finding[] => [
	...alarmDead(facts),
	...inboxStuck(facts),
	...noActions(facts),
];

/** When a look should have come that has not, epoch milliseconds; null while none is missed, or nothing is known of them. */
function missedSince({ looks, look, limits, now }: Facts): number | null {
	if (looks) {
		const every = Math.max((looks.next_at ?? looks.last_at) - looks.last_at, limits.tick_active_ms);
		// By the town's clock when it told them: what this page has missed since is no silence of the town.
		if (looks.at - looks.last_at > LOOK_LATE * every) return looks.last_at;
	}
	const order = look.town("look_order");
	const asked = order && order.looked_at === null ? timeOf(order.at) : null;
	return asked !== null && now - asked > LOOK_LATE * limits.tick_active_ms ? asked : null;
}

/** Above a notice, as the one of its kind: nothing ends it by itself, and all else waits for it. */
function alarmDead(facts: Facts): Finding[] {
	const since = missedSince(facts);
	if (since === null) return [];
	const { looks, now } = facts;
	const ordered = facts.look.town("look_order")?.looked_at === null;
	return [
		told({
			code: "town.alarm-dead",
			severity: "critical",
			subject: TOWN,
			sentence: `The town's scheduler has not looked for ${span(now - since)}: nothing is started, watched or ended until it does`,
			measured: [
				looks && since === looks.last_at
					? `Its next look was planned ${span(Math.max(0, (looks.next_at ?? looks.last_at) - looks.last_at))} after the last.`
					: "An admin asked for a look, and none came.",
			],
			evidence: [
				rowOf("what it last did", "town_state", "scheduler", timeOf(facts.look.town("scheduler")?.at)),
				...(ordered ? [rowOf("the look that was asked for", "town_state", "look_order", since)] : []),
			],
			since,
			behind: distinct(
				facts.unfinished.filter(({ status }) => status === "open").map(({ bead_id }) => bead(bead_id)),
			),
			recovers: { who: "button", text: "Not by itself: its alarm is lost. Set it anew." },
			remedy: [step("town.rearm-alarm", "town")],
			ruledOut: ["an idle town (its looks are planned further apart)"],
		}),
	];
}

function inboxStuck({ look, now, title, agentName }: Facts): Finding[] {
	const known = look.town("scheduler");
	const stuck = known?.stuck;
	const since = timeOf(stuck?.since);
	if (!known || !stuck || since === null || now - since < INBOX_STUCK_MS) return [];
	const whose = stuck.agent === null ? "" : ` of ${agentName(stuck.agent)}`;
	const held = stuck.bead === null ? "" : `: ${title(stuck.bead)} is not started until then`;
	return [
		note({
			code: "town.inbox-stuck",
			subject: TOWN,
			sentence: `${count(known.pending, "event")} of the inbox ${known.pending === 1 ? "fails" : "fail"} at every look, ${stuck.type.replaceAll("_", " ")}${whose} for ${span(now - since)}${held}`,
			measured: stuck.error === null ? [] : [inShort(stuck.error, 160)],
			evidence: [
				rowOf("the event", "town_events", stuck.event, since),
				rowOf("what the scheduler keeps of it", "town_state", "scheduler", timeOf(known.at)),
			],
			since,
			behind: stuck.bead === null ? [] : [bead(stuck.bead)],
			recovers: self("It is tried at every look. Discard it where it can never be done."),
			remedy: [step("town.discard-event", "town", { event: stuck.event })],
		}),
	];
}

/** Work could begin, and look after look does nothing. */
function noActions(facts: Facts): Finding[] {
	const { look, now, limits } = facts;
	const acted = timeOf(look.town("scheduler")?.at);
	const passedOver = (at: number) => now - at >= limits.undispatched_ms;
	const ready = readyUnstarted(facts).filter(({ since }) => passedOver(since));
	if (acted === null || !passedOver(acted) || ready.length === 0 || townWaits(facts).length > 0) return [];
	const since = Math.max(acted, Math.min(...ready.map((one) => one.since)));
	return [
		note({
			code: "town.no-actions",
			subject: TOWN,
			sentence: `The scheduler has done nothing for ${span(now - acted)}, and ${count(ready.length, "bead")} could begin`,
			measured: [`The container is ${facts.container?.status ?? "unknown"}.`],
			evidence: [
				rowOf("what it last did", "town_state", "scheduler", acted),
				...ready
					.slice(0, 2)
					.map(({ work }) => rowOf("ready", "beads", work.bead_id, timeOf(work.updated_at))),
			],
			since,
			behind: distinct(ready.map(({ work }) => bead(work.bead_id))),
			recovers: self("At a look that does something. A look can be asked for."),
			remedy: [step("town.rearm-alarm", "town")],
		}),
	];
}
