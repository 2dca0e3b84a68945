import { thresholdsOf } from "../../../../shared/gastown/index.ts";
import { restarted } from "../../container-after.ts";
import { refusalIn } from "../../control.ts";
import { ok } from "../../town.ts";
import { setTownValue, townValue } from "../../town-state.ts";
import type { Action } from "../actions.ts";
import { act, type SchedulerHost } from "../host.ts";
import type { Effect } from "../scheduler.ts";

type Of<T extends Action["type"]> = Extract<Action, { type: T }>;
const HEALTH_MS = 5_000;

const order = (host: SchedulerHost, reason: string) => ({ reason, key: host.town.uuid(), correlation: null });

export const startContainer =
	(host: SchedulerHost, { reason }: Of<"start_container">): Effect =>
	async () => {
		const answer = await host.arm().start(order(host, reason));
		if (!answer.ok) throw new Error(answer.message);
	};

export const stopContainer =
	(host: SchedulerHost, { reason, sleep }: Of<"stop_container">): Effect =>
	async () => {
		const answer = await host.arm().stop({ ...order(host, reason), sleep });
		if (!answer.ok && answer.code !== "not-running") throw new Error(answer.message);
	};

export const restartContainer =
	(host: SchedulerHost, { reason }: Of<"restart_container">): Effect =>
	async () => {
		act(host, "restart_container", (town) => {
			const container = townValue(town, "container");
			// Its end is one that was ordered, which counts as no death: the budget is used here (domain.md §2.13).
			const { restart_window_ms: window_ms } = thresholdsOf(townValue(town, "config"));
			if (container)
				setTownValue(town, "container", {
					...restarted(container, { now: town.now(), window_ms }),
					health: null,
				});
			return ok(null);
		});
		await host.arm().kill(order(host, reason));
		const answer = await host.arm().start(order(host, reason));
		if (!answer.ok) throw new Error(answer.message);
	};

/** Tells the platform when it may put the container to sleep, and keeps that it was told. */
export const setSleepAfter =
	(host: SchedulerHost, { ms }: Of<"set_sleep_after">): Effect =>
	async () => {
		const told = townValue(host.town, "container")?.instance_id;
		const answer = await host.arm().sleepAfter(ms);
		if (!answer.ok && answer.code !== "not-running") throw new Error(answer.message);
		act(host, "set_sleep_after", (town) => {
			const container = townValue(town, "container");
			if (answer.ok && container && container.instance_id === told)
				setTownValue(town, "container", { ...container, sleep_after_ms: ms });
			return ok(null);
		});
	};

/** Asks a silent container how it is, and counts the silences in a row. */
export const checkContainer =
	(host: SchedulerHost, { silent_ms }: Of<"check_container">): Effect =>
	async () => {
		const answer = await host.arm().control({ method: "GET", path: "/health", timeout_ms: HEALTH_MS });
		const error = refusalIn(answer);
		act(host, "check_container", (town) => {
			const container = townValue(town, "container");
			if (!container) return ok(null);
			const failures = (container.health?.failures ?? 0) + 1;
			const since = container.health?.since ?? new Date(town.now() - silent_ms).toISOString();
			setTownValue(town, "container", {
				...container,
				health: error === null ? null : { failures, since, error },
			});
			return ok(null);
		});
	};
