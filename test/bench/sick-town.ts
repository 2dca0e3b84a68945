import type { TownEntity } from "../../shared/gastown/index.ts";
import { put, type TownView } from "../../shared/town-view/index.ts";
import {
	aConvoy, aRequest, aReview, aRig, aToken, config, failedWith, said, theTown, tracks, used,
} from "../shared/diagnosis/states/rows.ts"; // biome-ignore format: a list
import { memory, slept } from "../shared/diagnosis/states/scenario-4.ts";
import { gone, outside, overdue, rotated, unresolved } from "../shared/diagnosis/states/scenario-5.ts";
import {
	aBead, anAgent, aStop, before, blocks, container, NOW, signals, townOf, value, works,
} from "../shared/diagnosis/town.ts"; // biome-ignore format: a list

type Row = Record<string, unknown>;
type Rows = Partial<Record<TownEntity, Row[]>>;

const BEADS = 2_000;
const AGENTS = 40;
const RIGS = 5;
const CONVOYS = 40;
const of = (n: number, what: string) => Array.from({ length: n }, (_, at) => `${what}${at}`);
const rig = (n: number) => `rig${n % RIGS}`;

/** 2,000 beads and 40 agents in 5 rigs, all as they should be: half of the work is done, every agent is at some. */
export function wellTown(): TownView {
	const beads = of(BEADS, "b").map((id, n) =>
		n < AGENTS
			? aBead(id, {
					status: "in_progress",
					rig_id: rig(n),
					assignee_agent_bead_id: `a${n}`,
					dispatch_attempts: 1,
				})
			: aBead(id, {
					rig_id: rig(n),
					updated_at: before(5),
					...(n % 2 === 0 ? { status: "closed", closed_at: before(30) } : {}),
				}),
	);
	return town({
		beads,
		agent_metadata: of(AGENTS, "a").map((id, n) => anAgent(id, works(`b${n}`))),
		agent_signals: of(AGENTS, "a").map((id) => signals(id, { turn_since: NOW - 60_000 })),
		rig_credentials: of(RIGS, "rig").map((rig_id) => aToken({ rig_id })),
		usage: of(AGENTS, "a").map((id, n) => used(`t${n}`, { agent_id: id, bead_id: `b${n}` })),
		town_state: [container(), theTown(), config()],
	});
}

/** The same size: every rig, its token, its agents and the container are ill, and this part of the beads. */
export function sickTown(part: number): TownView {
	const tokens = [overdue, gone, unresolved, outside, rotated];
	const kinds = Math.round((BEADS * part) / 5);
	const well = of(BEADS - 5 * kinds, "b").map((id, n) => aBead(id, { rig_id: rig(n), labels: ["gt:held"] }));
	const sources = of(kinds, "churned");
	const failed = of(kinds, "failed");
	const looped = of(kinds, "looped");
	const waits = of(kinds, "waits");
	const requests = of(kinds, "m");
	const convoys = of(Math.ceil(CONVOYS * part), "v");
	const crash = { at: before(3), code: null, signal: "SIGKILL", reason: "out of memory", status: "failed", bead_id: "looped1" };
	return town({
		beads: [
			...well,
			...convoys.map((id) => aBead(id, { type: "convoy", rig_id: rig(0) })),
			...sources.map((id, n) => aBead(id, { status: "in_review", rig_id: rig(n) })),
			...failed.map((id, n) => aBead(id, { rig_id: rig(n), ...failedWith("merge_conflict", "CONFLICT in a.js") })),
			...looped.map((id, n) =>
				aBead(id, { rig_id: rig(n), dispatch_attempts: 4, last_dispatch_attempt_at: before(2), last_dispatch_error: `MODEL_${n}_URL is missing` }),
			),
			...waits.map((id, n) => aBead(id, { rig_id: rig(n), assignee_agent_bead_id: n % 2 ? "nobody" : null })),
			...requests.map((id, n) => aRequest(id, { rig_id: rig(n), ...failedWith(n % 2 ? "merge_conflict" : "review_failed", "no") })),
		],
		bead_dependencies: [
			...failed.flatMap((id, n) => [tracks(id, `v${n % convoys.length}`), tracks(`m${n}`, id), tracks(`m${n}`, `churned${n >> 2}`)]),
			...waits.map((id, n) => blocks(id, `failed${n}`)),
		],
		review_metadata: requests.map((id, n) => aReview(id, { target_branch: n % 4 === 1 ? "convoy/x" : "main" })),
		convoy_metadata: convoys.map((id) => aConvoy(id, { total_beads: 99 })),
		agent_metadata: [
			anAgent("mayor", { role: "mayor", last_exit: { ...crash, bead_id: null } }),
			...of(AGENTS - 1, "a").map((id, n) =>
				n % 2
					? anAgent(id, { container_process_id: "7", status_since: before(40), last_exit: crash })
					: anAgent(id, works(`looped${n}`, { last_event_at: before(70) })),
			),
		],
		agent_signals: of(AGENTS - 1, "a").map((id) => signals(id, {})),
		agent_nudges: of(50, "n").map((id) => said(id)),
		rig_credentials: of(RIGS, "rig").map((rig_id, n) => aToken({ rig_id, ...tokens[n] })),
		usage: [
			...looped.flatMap((bead_id, n) => of(4, `t${n}.`).map((id) => used(id, { bead_id, agent_id: `a${n % AGENTS}` }))),
			...requests.map((bead_id, n) => used(`r${n}`, { bead_id, agent_id: "judge" })),
		],
		git_operations: of(500, "").map((id) => ({
			id: Number(id), operation: "push", rig_id: rig(Number(id)), agent_id: null, bead_id: `m${id}`, command: "git push",
			outcome: "denied", exit_code: 128, stderr: "403", duration_ms: 9, at: before(1),
		})),
		town_state: [
			container({ last_stop: aStop({ agents: ["a0", "a2"] }), setbacks: [memory(9), memory(3), slept(5), slept(2)] }),
			theTown(),
			config(),
			value("stops", { awaited: [], failed: [] }),
		],
	});
} // biome-ignore format: rows

function town(rows: Rows): TownView {
	const view = townOf({ ...rows, rigs: of(RIGS, "rig").map((id) => aRig(id)) });
	// The builder puts agents into one rig; here they are spread.
	for (const [n, agent] of (rows.agent_metadata ?? []).entries()) {
		const bead = view.tables.beads.get(String(agent.bead_id));
		if (bead?.rig_id) put(view, "beads", bead.bead_id, { ...bead, rig_id: rig(n) }, null);
	}
	return view;
}
