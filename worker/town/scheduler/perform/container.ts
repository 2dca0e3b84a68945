import { decodeJwt } from "jose";
import { thresholdsOf } from "../../../../shared/gastown/index.ts";
import { restarted } from "../../container-after.ts";
import { refusalIn } from "../../control.ts";
import { fingerprintOf } from "../../credentials/git-tokens.ts";
import { recordCredentialEvent } from "../../credentials/record.ts";
import { writeSecret } from "../../credentials/secrets.ts";
import { isoNow, ok, type Result } from "../../town.ts";
import { setTownValue, townValue } from "../../town-state.ts";
import type { Action } from "../actions.ts";
import { act, type SchedulerHost } from "../host.ts";
import { TOKEN_GIVEN } from "../observe.ts";
import type { Doing } from "../scheduler.ts";

type Of<T extends Action["type"]> = Extract<Action, { type: T }>;
const HEALTH_MS = 5_000;

/** One thing at a time is done to the container. */
const KEY = "container";
const order = (host: SchedulerHost, reason: string) => ({ reason, key: host.town.uuid(), correlation: null });

export const startContainer = (host: SchedulerHost, { reason }: Of<"start_container">): Doing => ({
	key: KEY,
	run: async () => {
		const answer = await host.arm().start(order(host, reason));
		if (!answer.ok) throw new Error(answer.message);
	},
});

export const stopContainer = (host: SchedulerHost, { reason, sleep }: Of<"stop_container">): Doing => ({
	key: KEY,
	run: async () => {
		const answer = await host.arm().stop({ ...order(host, reason), sleep });
		if (!answer.ok && answer.code !== "not-running") throw new Error(answer.message);
	},
});

export const restartContainer = (host: SchedulerHost, { reason }: Of<"restart_container">): Doing => ({
	key: KEY,
	run: async () => {
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
	},
});

/** Asks a silent container how it is, and counts the silences in a row. */
export const checkContainer = (host: SchedulerHost, { silent_ms }: Of<"check_container">): Doing => ({
	key: KEY,
	run: async () => {
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
	},
});

export const refreshContainerToken = (host: SchedulerHost): Doing => ({
	key: "container-token",
	run: async () => {
		const token = await host.containerToken();
		const answer = await host.arm().control({
			...{ method: "POST", path: "/refresh-token", key: host.town.uuid() },
			body: { container_token: token },
		});
		// It has ended meanwhile: the next one is given its own.
		if (!answer.ok && answer.code === "not-running") return;
		const refusal = refusalIn(answer);
		act(host, "refresh_container_token", (town) =>
			recordCredentialEvent(town, {
				...{ rig_id: null, credential: "container", type: "push", source: "minted" },
				outcome: refusal === null ? "ok" : "failed",
				status: answer.ok ? answer.status : null,
				message: refusal,
				expires_at: new Date((decodeJwt(token).exp ?? 0) * 1_000).toISOString(),
				fingerprint: fingerprintOf(token),
			}),
		);
		if (refusal !== null) throw new Error(refusal);
		writeSecret(host.town, TOKEN_GIVEN, host.town.now());
	},
});

export const clearDrain = (host: SchedulerHost): Result<unknown> =>
	act(host, "clear_drain", (town) => {
		setTownValue(town, "drain", null);
		return ok(null);
	});

export const endPause = (host: SchedulerHost, { of }: Of<"end_pause">): Result<unknown> =>
	act(host, "end_pause", (town) => {
		if (of === "dispatch") setTownValue(town, "dispatch_pause", null);
		else
			setTownValue(town, "run_policy", {
				...{ policy: "automatic", since: isoNow(town), by: "scheduler", order: null, until: null },
			});
		return ok(null);
	});
