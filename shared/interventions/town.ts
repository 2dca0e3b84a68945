import { z } from "zod";
import type { CatalogueEntry } from "./catalogue-entry.ts";
import { type Hours, mayTown, pauseParams } from "./container.ts";
import { stateIs } from "./effects.ts";
import { clockTime, count, noop, OK } from "./reading.ts";

const none = z.object({});

const townPauseDispatch: CatalogueEntry<Hours> = {
	name: "town.pause-dispatch",
	target: "town",
	params: pauseParams,
	title: "Pause dispatch in",
	label: (_, __, look) => (look.town("dispatch_pause") ? "Renew the pause of dispatch" : "Pause dispatch"),
	saw: (_, __, look) => ({ dispatch_pause: look.town("dispatch_pause")?.until ?? null }),
	precondition: (id, _, look) => mayTown(id, look),
	danger: () => "disruptive",
	preview: (_, params) => ({
		will: [`Start no agent for any bead for ${count(params.hours, "hour")}; then it goes on by itself.`],
		wont: ["Stop agents that work now, or the container."],
	}),
	effects: (_, __, ___, id) => [stateIs("dispatch is paused", "dispatch_pause", { order: id })],
	outside: () => [],
	undo: (_, __, look) => (look.town("dispatch_pause") ? null : { name: "town.resume-dispatch", params: {} }),
	next: "town.resume-dispatch",
	within: 10_000,
};

const townResumeDispatch: CatalogueEntry<z.infer<typeof none>> = {
	name: "town.resume-dispatch",
	target: "town",
	params: none,
	title: "Resume dispatch in",
	label: () => "Resume dispatch",
	saw: (_, __, look) => ({ dispatch_pause: look.town("dispatch_pause")?.until ?? null }),
	precondition(id, _, look) {
		const may = mayTown(id, look);
		if (!may.ok) return may;
		return look.town("dispatch_pause") ? OK : noop("not-paused", "Dispatch is not paused.");
	},
	danger: () => "disruptive",
	preview(_, __, look) {
		const pause = look.town("dispatch_pause");
		return {
			will: [
				`End the pause that ${pause?.by ?? "somebody"} set${clockTime(pause?.since ?? null)}: ready beads are started, which spends money.`,
			],
			wont: [],
		};
	},
	effects: () => [stateIs("dispatch goes on", "dispatch_pause", null)],
	outside: () => [],
	undo: () => null,
	next: "town.pause-dispatch",
	within: 10_000,
};

export const TOWN = [townPauseDispatch, townResumeDispatch];
