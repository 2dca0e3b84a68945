import { expect, test } from "vitest";
import { diagnose } from "../../../shared/diagnosis/index.ts";
import { keyOf, put, type TownView } from "../../../shared/town-view/index.ts";
import {
	aBead,
	anAgent,
	aRequest,
	aReview,
	aRig,
	aToken,
	container,
	NOW,
	self,
	townOf,
	tracks,
	works,
} from "./town.ts";

const MINUTE = 60_000;
const POLECATS = ["toast", "maple", "clove", "sage"];
/** Minutes of work on a bead, then of its review, then of a pause before the next. */
const WORK = 25;
const REVIEW = 5;

/** A town of four polecats and a refinery, as it stands after so many minutes of work that goes well. */
function townAfter(minutes: number): { town: TownView; now: number } {
	const start = NOW;
	const now = start + minutes * MINUTE;
	const iso = (at: number) => new Date(at).toISOString();
	const at = (minute: number) => iso(start + minute * MINUTE);
	const beats = {
		last_activity_at: iso(now - 30_000),
		last_event_at: iso(now - 20_000),
		last_event_type: "message.part.updated",
	};
	const town = townOf({
		rigs: [aRig({ max_concurrent_polecats: POLECATS.length })],
		rig_credentials: [aToken({ expires_at: iso(now + 30 * MINUTE) })],
		town_state: [...self(), container({ since: iso(start - 60 * MINUTE) })],
	});
	const add = (entity: Parameters<typeof keyOf>[0], row: Record<string, unknown>) =>
		put(town, entity, keyOf(entity, row), row, null);
	const cycle = WORK + REVIEW;
	let reviewing: string | null = null;
	for (const [lane, name] of POLECATS.entries()) {
		const shifted = minutes + lane * 7;
		const round = Math.floor(shifted / cycle);
		const into = shifted % cycle;
		const began = at(round * cycle - lane * 7);
		for (let n = 0; n < round; n++)
			add(
				"beads",
				aBead(`${name}-${n}`, {
					status: "closed",
					closed_at: at((n + 1) * cycle - lane * 7),
					created_at: began,
				}),
			);
		const bead = `${name}-${round}`;
		const times = { created_at: began, updated_at: began, status_since: began };
		const atWork = into < WORK;
		add("beads", aBead(name, { type: "agent", title: name }));
		add(
			"beads",
			aBead(bead, {
				...times,
				status: atWork ? "in_progress" : "in_review",
				assignee_agent_bead_id: name,
				dispatch_attempts: 1,
				last_dispatch_attempt_at: began,
			}),
		);
		add(
			"agent_metadata",
			anAgent(name, atWork ? works(bead, { ...beats, active_tools: into % 2 ? ["bash"] : [] }) : beats),
		);
		if (atWork) continue;
		const request = `m-${bead}`;
		const since = at(round * cycle + WORK - lane * 7);
		const turn: boolean = reviewing === null;
		if (turn) reviewing = request;
		add(
			"beads",
			aRequest(request, {
				status: turn ? "in_progress" : "open",
				assignee_agent_bead_id: turn ? "rowan" : null,
				created_at: since,
				updated_at: since,
			}),
		);
		add("review_metadata", aReview(request));
		add("bead_dependencies", tracks(request, bead));
	}
	add("beads", aBead("rowan", { type: "agent", title: "rowan" }));
	add(
		"agent_metadata",
		anAgent("rowan", { role: "refinery", ...(reviewing ? works(reviewing, beats) : beats) }),
	);
	return { town, now };
}

test("DIAG-2: a healthy town of ten hours has nothing above a notice at any of its minutes", () => {
	const told = new Set<string>();
	for (let minute = 0; minute < 600; minute++) {
		const { town, now } = townAfter(minute);
		for (const { code } of diagnose(town, now).findings) told.add(`${code} at minute ${minute}`);
	}
	expect([...told]).toEqual([]);
});
