import { z } from "zod";
import { thresholdsOf } from "../gastown/index.ts";
import type { CatalogueEntry } from "./catalogue-entry.ts";
import { mayTown } from "./container.ts";
import { rowIs, stateIs } from "./effects.ts";
import {
	clockTime, count, foreignContainer, nameOfAgent, noop, OK, refused, sinceTime, titleOfBead,
} from "./reading.ts"; // biome-ignore format: a list

/** What is done to a town whose scheduler is held up, or has stopped looking. */

const none = z.object({});
type None = z.infer<typeof none>;

const townClearDrain: CatalogueEntry<None> = {
	name: "town.clear-drain",
	target: "town",
	params: none,
	title: "Clear the drain of",
	label: () => "Clear the drain",
	saw: (_, __, look) => ({ drain: look.town("drain")?.nonce ?? null }),
	precondition(id, _, look) {
		const may = mayTown(id, look);
		if (!may.ok) return may;
		return look.town("drain") ? OK : noop("not-draining", "It does not drain.");
	},
	danger: () => "disruptive",
	preview: (_, __, look) => ({
		will: [
			`Forget the drain that began${clockTime(look.town("drain")?.started_at ?? null)}: ready beads are started, which spends money.`,
		],
		wont: ["Tell the container, which may still be about to end: what is started then is started again."],
	}),
	effects: () => [stateIs("nothing drains", "drain", null)],
	outside: () => [],
	undo: () => null,
	next: "container.restart",
	within: 10_000,
};

const townResetBreaker: CatalogueEntry<None> = {
	name: "town.reset-breaker",
	target: "town",
	params: none,
	title: "Reset the circuit breaker of",
	label: () => "Reset the circuit breaker",
	saw: (_, __, look) => ({ circuit: look.town("circuit")?.since ?? null }),
	precondition(id, _, look) {
		const may = mayTown(id, look);
		if (!may.ok) return may;
		return look.town("circuit") ? OK : noop("closed", "The circuit breaker is closed: it holds nothing up.");
	},
	danger: () => "disruptive",
	preview(_, __, look) {
		const { circuit_beads, circuit_window_ms } = thresholdsOf(look.town("config"));
		const failing = look.town("circuit")?.failing_beads ?? 0;
		return {
			will: [
				`Count anew: the ${count(failing, "bead")} that failed to start until now hold nothing up any more.`,
				"Start ready beads again, which spends money.",
			],
			wont: [
				"Mend why they failed to start, or end the wait of each.",
				`Keep it closed: ${circuit_beads} new failures within ${Math.round(circuit_window_ms / 60_000)} min open it again.`,
			],
		};
	},
	effects: (_, __, ___, id) => [
		stateIs("the circuit breaker is closed", "circuit", null),
		stateIs("failures count anew", "breaker_reset", { order: id }),
	],
	outside: () => [],
	undo: () => null,
	next: "town.pause-dispatch",
	within: 10_000,
};

const townRearmAlarm: CatalogueEntry<None> = {
	name: "town.rearm-alarm",
	target: "town",
	params: none,
	title: "Set anew the alarm of",
	label: () => "Look now, and set the alarm anew",
	saw: () => ({}),
	precondition(id, _, look) {
		const may = mayTown(id, look);
		if (!may.ok) return may;
		return foreignContainer(look) ?? OK;
	},
	danger: () => "disruptive",
	preview: () => ({
		will: [
			"Plan a look of the scheduler for now, and set the town's alarm anew.",
			"Start what is ready, if anything is, which spends money.",
		],
		wont: ["Lift a pause, a drain or the circuit breaker."],
	}),
	effects: (_, __, ___, id) => [
		stateIs(
			"the scheduler has looked",
			"look_order",
			{ order: id },
			{
				outside: true,
				isnt: { value: { looked_at: null } },
			},
		),
	],
	outside: () => [],
	undo: () => null,
	next: null,
	within: 15_000,
};

const one = z.object({ event: z.string().min(1, "Choose an event.").max(200) });
type One = z.infer<typeof one>;

/** Said of an event that was thrown away; its row stays. */
export const DISCARDED = "Discarded by an admin.";

const townDiscardEvent: CatalogueEntry<One> = {
	name: "town.discard-event",
	target: "town",
	params: one,
	title: "Discard an event of the inbox of",
	draft: { event: "" },
	label: (_, { event }, look) => {
		const row = look.event(event);
		if (!row) return "Discard an event";
		const whose = row.agent_id === null ? "" : ` of ${nameOfAgent(row.agent_id, look)}`;
		return `Discard ${row.event_type.replaceAll("_", " ")}${whose}`;
	},
	saw: (_, { event }, look) => ({
		processed_at: look.event(event)?.processed_at ?? null,
	}),
	precondition(id, { event }, look) {
		const may = mayTown(id, look);
		if (!may.ok) return may;
		if (event === "") return refused("no-event", "Choose an event: the Scheduler tab lists those that wait.");
		const row = look.event(event);
		if (!row) return refused("no-event", "There is no such event in the inbox.");
		if (row.processed_at !== null)
			return noop("processed", `It has left the inbox${clockTime(row.processed_at)}.`);
		return row.tries === 0
			? refused("not-tried", "It has not been tried yet: the next look of the scheduler does it.")
			: OK;
	},
	danger: () => "disruptive",
	preview(_, { event }, look) {
		const row = look.event(event);
		const will = [
			`Take it out of the inbox, where it waits${sinceTime(row?.created_at ?? null)}, after ${count(row?.tries ?? 0, "try", "tries")}: it is not tried again.`,
		];
		if (row?.event_type === "end_process")
			will.push(
				`Leave ${row.agent_id === null ? "its" : `${nameOfAgent(row.agent_id, look)}'s`} process as it is: if it still runs, it may work beside the next one.`,
			);
		if (row?.bead_id) will.push(`Let ${titleOfBead(row.bead_id, look)} be started again.`);
		return { will, wont: ["Erase it: its row, its tries and its last error stay."] };
	},
	effects: (_, { event }) => [
		rowIs("the event is out of the inbox", "town_events", event, { last_error: DISCARDED }),
	],
	outside: () => [],
	undo: () => null,
	next: null,
	within: 10_000,
};

export const SCHEDULER = [townClearDrain, townResetBreaker, townRearmAlarm, townDiscardEvent];
