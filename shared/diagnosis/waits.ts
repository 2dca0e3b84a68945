import { type Agent, type Bead, isTerminal, nextDispatchAt, unhookable } from "../gastown/index.ts";
import { activeToolsOf, blockersOf, labelsOf, signalOf, timeOf, trackersOf } from "../town-view/index.ts";
import { containerWaits } from "./container-waits.ts";
import { agent, bead, distinct, type Facts, note, once, rowOf, self } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { awaitsHuman } from "./pull-requests.ts";
import { reviewsBefore } from "./review-queue.ts";
import { LONG_TOOL_MS } from "./thresholds.ts";
import { townWaits } from "./town-waits.ts";
import { count, inShort, names, span } from "./words.ts";

/** Reasons to wait (scenarios.md §0): no failures. In the order in which they hold. */
export const waits = (facts: Facts): Finding[] => [
	...townWaits(facts),
	...containerWaits(facts),
	...facts.unfinished.flatMap((one) => beadWaits(facts, one)),
	...facts.agents.flatMap((one) => agentWaits(facts, one)),
];

/** At most one notice for each bead: the first reason that holds. */
function beadWaits(facts: Facts, one: Bead): Finding[] {
	if (one.type === "convoy") return stagedConvoy(facts, one);
	const human = awaitsHuman(facts, one);
	if (human) return [reviewAwaits(facts, one, human)];
	if (one.status !== "open" || !WORK.includes(one.type) || isNoWork(one)) return [];
	const wait = beadWait(facts, one);
	return wait ? [wait] : [];
}
/** Types that agents take on their hooks. */
const WORK: readonly string[] = ["issue", "merge_request", "molecule"];

/** It is resolved, not worked on: no agent takes it (domain.md §2.9). */
export const isNoWork = (one: Bead): boolean =>
	unhookable({ type: one.type, labels: labelsOf(one) }) !== null;

const isHeld = (one: Bead): boolean => labelsOf(one).includes("gt:held");

export function beadWait(facts: Facts, one: Bead): Finding | null {
	const of = known(facts);
	const before = of.get(one.bead_id);
	if (before !== undefined) return before;
	const wait = reckonWait(facts, one);
	of.set(one.bead_id, wait);
	return wait;
}
const known = once(() => new Map<string, Finding | null>());

function reckonWait(facts: Facts, one: Bead): Finding | null {
	if (isHeld(one)) return heldNotice(facts, one);
	const { now, view } = facts;
	const id = one.bead_id;
	const since = timeOf(one.updated_at) ?? now;
	const row = rowOf("the bead", "beads", id, since);
	const blockers = view.indexes.dependencies.has(id)
		? blockersOf(view, id).flatMap((blocker) => (blocker.bead ? [blocker.bead] : []))
		: [];
	const open = blockers.filter((blocker) => !isTerminal(blocker.status));
	if (open.length > 0)
		return note({
			code: "bead.waits-for-open-blocker",
			subject: bead(id),
			sentence: `${facts.title(id)} waits for ${names(open.map((blocker) => facts.title(blocker.bead_id) + (isHeld(blocker) ? ", which is held" : "")))}`,
			evidence: open
				.slice(0, 3)
				.map((blocker) => rowOf(`blocker ${blocker.status}`, "beads", blocker.bead_id)),
			since,
			recovers: self(
				`When ${open.length === 1 ? "its blocker has" : `its ${open.length} blockers have`} closed.`,
			),
		});
	const next = one.dispatch_attempts < facts.maxAttempts(one.rig_id) ? nextDispatchAt(one) : null;
	if (next !== null && next > now)
		return note({
			code: "bead.backing-off",
			subject: bead(id),
			sentence: `${facts.title(id)} backs off after ${count(one.dispatch_attempts, "start")}${one.last_dispatch_error ? `: ${inShort(one.last_dispatch_error)}` : ""}`,
			evidence: [row],
			since: timeOf(one.last_dispatch_attempt_at) ?? since,
			recovers: self("It is started again then.", next),
		});
	if (view.indexes.agentsByHook.has(id)) return null;
	const before = one.type === "merge_request" ? reviewsBefore(facts, one) : null;
	if (before !== null)
		return note({
			code: "review.waits-its-turn", subject: bead(id), evidence: [row], since: timeOf(one.status_since) ?? since,
			sentence: `${facts.title(id)} waits its turn: ${count(before, "review")} of rig ${facts.rigName(one.rig_id)} ${before === 1 ? "comes" : "come"} first`,
			recovers: self("When those before it are through."),
		}); // biome-ignore format: short
	const hands = one.rig_id === null || one.type !== "issue" ? undefined : facts.rigs.get(one.rig_id);
	const busy = hands ? hands.polecats.length - hands.idle : 0;
	// Some are free where the limit was lowered since they were made.
	const places =
		hands && hands.idle > 0 ? facts.rigLimits(one.rig_id ?? "").max_polecats_per_rig : hands?.polecats.length;
	if (places !== undefined && busy >= places && one.assignee_agent_bead_id === null)
		return note({
			code: "bead.waits-for-capacity",
			subject: bead(id),
			sentence: `${facts.title(id)} waits for a free agent: ${busy} of ${places} in rig ${facts.rigName(one.rig_id)} have work`,
			evidence: [row],
			since,
			recovers: self("When one of them is done."),
		});
	return null;
}

/** Its row alone says it: told once for each row, since a town may hold thousands. */
function heldNotice(facts: Facts, one: Bead): Finding {
	const before = held.get(one);
	if (before) return before;
	const since = timeOf(one.updated_at) ?? facts.now;
	const title = facts.title(one.bead_id);
	const notice = note({
		code: "bead.held",
		subject: bead(one.bead_id),
		sentence: `${title} is held until somebody starts it`,
		evidence: [rowOf("the bead", "beads", one.bead_id, since)],
		since,
		recovers: {
			who: "user",
			text: "Whoever held it starts it.",
			message: `${title} is held in your town. Start it when it should be worked on.`,
		},
	});
	held.set(one, notice);
	return notice;
}
const held = new WeakMap<Bead, Finding>();

const reviewAwaits = (
	facts: Facts,
	{ bead_id: id }: Bead,
	{ what, url, since }: NonNullable<ReturnType<typeof awaitsHuman>>,
): Finding =>
	note({
		code: "review.awaiting-human", subject: bead(id), evidence: [rowOf("its pull request", "review_metadata", id)], since,
		sentence: `The pull request of ${facts.title(id)} waits for ${what}`,
		recovers: { who: "user", text: "When somebody does it at the forge.", message: `A pull request of your town waits for ${what}: ${url}` },
	}); // biome-ignore format: short

function stagedConvoy({ view, now, title }: Facts, one: Bead): Finding[] {
	if (one.status === "failed" || !view.tables.convoy_metadata.get(one.bead_id)?.staged) return [];
	const members = trackersOf(view, one.bead_id).map((member) => bead(member.bead_id));
	return [
		note({
			code: "convoy.staged",
			subject: bead(one.bead_id),
			sentence: `Convoy ${title(one.bead_id)} is staged: none of its ${members.length} beads starts until it is started`,
			evidence: [rowOf("staged", "convoy_metadata", one.bead_id)],
			since: timeOf(one.created_at) ?? now,
			behind: distinct(members),
			recovers: {
				who: "user",
				text: "Its owner starts it.",
				message: `Convoy ${title(one.bead_id)} in your town is staged. Start it when its beads should be worked on.`,
			},
		}),
	];
}

export function agentWaits(facts: Facts, one: Agent): Finding[] {
	const { now, view } = facts;
	const id = one.bead_id;
	const name = facts.agentName(id);
	const signals = view.tables.agent_signals.get(id);
	const evidence = [rowOf("its signals", "agent_signals", id)];
	if (one.role === "mayor" && one.status === "waiting")
		return [
			note({
				code: "mayor.waiting", subject: { kind: "mayor", id }, evidence: [rowOf("waiting", "agent_metadata", id)],
				sentence: "The Mayor is idle and alive: it waits for a message", since: timeOf(one.last_activity_at) ?? now,
				recovers: self("With the next message."),
			}), // biome-ignore format: short
		];
	if (one.status !== "working") return [];
	const permission = signalOf(signals, "pending_permission");
	if (permission)
		return [
			note({
				code: "agent.blocked-on-permission", subject: agent(id), evidence, since: permission.since,
				sentence: `${name} asks for permission to ${permission.permission} and waits for ${span(now - permission.since)}`,
				measured: permission.patterns.length > 0 ? [`For ${inShort(permission.patterns.join(", "))}.`] : [],
				recovers: { who: "button", text: "Not by itself: it waits for an answer, its owner's or yours in its inspector." },
			}), // biome-ignore format: short
		];
	const offline = signals?.offline_since ?? null;
	if (offline !== null)
		return [
			note({
				code: "agent.network-offline", subject: agent(id), evidence, since: offline,
				sentence: `${name} waits for the network since ${span(now - offline)}`,
				recovers: self("When the network is back."),
			}), // biome-ignore format: short
		];
	const retry = signalOf(signals, "retry");
	if (retry)
		return [
			note({
				code: "agent.provider-retry", subject: agent(id), evidence, since: timeOf(one.last_event_at) ?? now,
				sentence: `${name}'s model is busy, try ${retry.attempt}: ${inShort(retry.message)}`,
				recovers: self("It is asked again.", retry.next),
			}), // biome-ignore format: short
		];
	const error = signalOf(signals, "last_error");
	if (error?.status === 402 && one.role !== "mayor")
		return [
			note({
				code: "model.out-of-credits", subject: agent(id), evidence, since: error.at,
				sentence: `${name}'s model answers that no credit is left`,
				recovers: { who: "user", text: "Only the town's owner can.", message: `${name} in your town stopped: no credit is left for its model.` },
			}), // biome-ignore format: short
		];
	const tools = activeToolsOf(one);
	const at = timeOf(one.last_event_at);
	if (tools.length > 0 && at !== null && now - at >= LONG_TOOL_MS)
		return [
			note({
				code: "agent.long-tool", subject: agent(id), evidence: [rowOf("its tools", "agent_metadata", id, at)], since: at,
				sentence: `${name} runs ${names(tools)} for ${span(now - at)}, within its time`,
				recovers: self("When the tool ends."),
			}), // biome-ignore format: short
		];
	return [];
}
