import { z } from "zod";
import { isAtRest } from "../gastown/index.ts";
import type { CatalogueEntry, Effect, Lookup, Verdict } from "./catalogue-entry.ts";
import { stateIs } from "./effects.ts";
import {
	AWAKE_COSTS, clockTime, count, foreignContainer, nameOfAgent, noop, OK, refused, START_COSTS, sessions, sinceTime, startHold,
} from "./reading.ts"; // biome-ignore format: a list

const none = z.object({});
type None = z.infer<typeof none>;

/** A pause of an admin ends by itself after this (LEDGER-10). */
export const PAUSE_HOURS_MAX = 4;
const hours = z.object({ hours: z.number().positive().max(PAUSE_HOURS_MAX).default(PAUSE_HOURS_MAX) });
export type Hours = z.infer<typeof hours>;
export const pauseParams = hours;

/** The target of what is done to a container or a town is the town. */
export function mayTown(id: string, look: Lookup): Verdict {
	return look.town("town")?.id === id ? OK : refused("gone", "This town does not exist any more.");
}

const now = (look: Lookup) => look.town("container");
const runs = (look: Lookup): boolean => {
	const container = now(look);
	return container !== undefined && !isAtRest(container.status);
};
/** What every verb depends on: what runs, and who paused it. */
const saw = (_: string, __: unknown, look: Lookup) => ({
	container_status: now(look)?.status ?? null,
	instance_id: now(look)?.instance_id ?? null,
	run_policy: look.town("run_policy")?.policy ?? "automatic",
});

function mayStart(id: string, look: Lookup): Verdict {
	const may = mayTown(id, look);
	if (!may.ok) return may;
	return foreignContainer(look) ?? startHold(look) ?? OK;
}

const running = (outside: Partial<Effect> = {}): Effect =>
	stateIs("the container runs", "container", { status: "running" }, { outside: true, ...outside });
const ended = (look: Lookup): Effect[] =>
	runs(look)
		? [
				stateIs(
					`instance ${(now(look)?.instance_id ?? "").slice(0, 8)} has ended`,
					"container",
					{ status: "stopped", instance_id: now(look)?.instance_id ?? null },
					{ outside: true },
				),
			]
		: [];

/** Who is ended with the container, and what becomes of their work. */
function endsAll(look: Lookup): string[] {
	const agents = sessions(look);
	if (agents.length === 0) return [];
	const names = agents.map((agent) => nameOfAgent(agent.bead_id, look));
	const hooked = agents.filter((agent) => agent.current_hook_bead_id !== null).length;
	return [
		`Drain: let turns end for a moment, save unfinished work on its branch, then end ${count(agents.length, "session")}: ${names.join(", ")}.`,
		...(hooked > 0 ? [`Put ${count(hooked, "bead")} back to Open; each is started again.`] : []),
	];
}

const budget = (look: Lookup): string[] => {
	const used = now(look)?.restarts_in_window ?? 0;
	return used > 0 ? [`Set the restart budget back: ${count(used, "restart")} used.`] : [];
};

const containerStart: CatalogueEntry<None> = {
	name: "container.start",
	target: "container",
	params: none,
	title: "Start the container of",
	label: () => "Start the container",
	saw,
	precondition(id, _, look) {
		const may = mayStart(id, look);
		if (!may.ok) return may;
		return runs(look) ? noop("running", `It runs already,${sinceTime(now(look)?.since ?? null)}.`) : OK;
	},
	danger: () => "disruptive",
	preview: (_, __, look) => ({
		will: [START_COSTS, ...budget(look)],
		wont: ["Keep it running without work: it is put to sleep again when nothing is to do."],
	}),
	effects: () => [running()],
	outside: () => [{ kind: "container", verb: "start" }],
	undo: () => null,
	next: "container.stop",
	within: 90_000,
};

const containerStop: CatalogueEntry<None> = {
	name: "container.stop",
	target: "container",
	params: none,
	title: "Stop the container of",
	label: () => "Stop the container",
	saw,
	precondition(id, _, look) {
		const may = mayTown(id, look);
		if (!may.ok) return may;
		const foreign = foreignContainer(look);
		if (foreign) return foreign;
		return runs(look)
			? OK
			: noop(
					"stopped",
					now(look) ? `It does not run,${sinceTime(now(look)?.since ?? null)}.` : "It has never run.",
				);
	},
	danger: () => "disruptive",
	preview: (_, __, look) => ({
		will: [...endsAll(look), "End the container: it costs nothing until it is started again."],
		wont: ["Keep it stopped: as soon as work is ready it is started. Pause it for that."],
	}),
	effects: (_, __, look) => ended(look),
	outside: () => [{ kind: "container", verb: "stop" }],
	undo: () => null,
	next: "container.start",
	within: 60_000,
};

const containerRestart: CatalogueEntry<None> = {
	name: "container.restart",
	target: "container",
	params: none,
	title: "Restart the container of",
	label: () => "Restart the container",
	saw,
	precondition(id, _, look) {
		const may = mayStart(id, look);
		if (!may.ok) return may;
		return runs(look) || now(look)?.status === "died"
			? OK
			: refused("not-running", "It does not run: start it instead.");
	},
	danger: () => "disruptive",
	preview: (_, __, look) => ({
		will: [...endsAll(look), ...(runs(look) ? ["Start a new instance."] : [START_COSTS]), ...budget(look)],
		wont: ["Change its configuration, or what its agents were told."],
	}),
	effects: (_, __, look) => [
		running({
			label: "a new instance runs",
			isnt: { value: { instance_id: now(look)?.instance_id ?? null } },
		}),
	],
	outside: () => [{ kind: "container", verb: "restart" }],
	undo: () => null,
	next: "container.stop",
	within: 120_000,
};

/** The town's owner set this pause, not an admin. */
const isUsersPause = (look: Lookup): boolean => {
	const policy = look.town("run_policy");
	return policy?.policy === "paused_by_user" && policy.order === null;
};

const containerPause: CatalogueEntry<Hours> = {
	name: "container.pause",
	target: "container",
	params: hours,
	title: "Pause the container of",
	label: () => "Pause the container",
	saw,
	precondition(id, _, look) {
		const may = mayTown(id, look);
		if (!may.ok) return may;
		return (
			foreignContainer(look) ??
			(isUsersPause(look) ? noop("paused", "Its owner has paused it already, without an end.") : OK)
		);
	},
	danger: () => "disruptive",
	preview: (_, params, look) => ({
		will: [
			...endsAll(look),
			...(runs(look) ? ["End the container."] : []),
			`Start nothing for ${count(params.hours, "hour")}; then it goes on by itself.`,
		],
		wont: ["Lose messages or beads: they wait."],
	}),
	effects: (_, __, look, id) => [
		stateIs("the pause is set", "run_policy", { policy: "paused_by_user", order: id }),
		...ended(look),
	],
	outside: (_, __, look) => (runs(look) ? [{ kind: "container", verb: "stop" }] : []),
	undo: (_, __, look) =>
		look.town("run_policy")?.policy === "paused_by_user" ? null : { name: "container.resume", params: {} },
	next: "container.resume",
	within: 60_000,
};

const resume = z.object({
	/** Said where the owner set the pause: it is theirs. */
	lift_users_pause: z.boolean().default(false),
});

const containerResume: CatalogueEntry<z.infer<typeof resume>> = {
	name: "container.resume",
	target: "container",
	params: resume,
	title: "Resume the container of",
	label: (_, { lift_users_pause }) => (lift_users_pause ? "Lift the owner's pause" : "Resume the container"),
	saw,
	precondition(id, { lift_users_pause }, look) {
		const may = mayTown(id, look);
		if (!may.ok) return may;
		if (look.town("run_policy")?.policy !== "paused_by_user") return noop("automatic", "It is not paused.");
		return isUsersPause(look) && !lift_users_pause
			? refused("users-pause", "Its owner paused it. Only lifting the owner's pause resumes it.")
			: OK;
	},
	danger: () => "disruptive",
	preview(_, __, look) {
		const policy = look.town("run_policy");
		const owners = isUsersPause(look)
			? [
					`Lift the pause that the town's owner set${clockTime(policy?.since ?? null)}: the owner pays for what runs.`,
				]
			: [];
		return {
			will: [...owners, `Start the container again as soon as work is ready: ${AWAKE_COSTS}.`],
			wont: ["Start it where nothing is to do."],
		};
	},
	effects: () => [stateIs("the pause is lifted", "run_policy", { policy: "automatic" })],
	outside: () => [],
	undo: (_, __, look) => (isUsersPause(look) ? null : { name: "container.pause", params: {} }),
	next: "container.start",
	within: 10_000,
};

export const CONTAINER = [containerStart, containerStop, containerRestart, containerPause, containerResume];
