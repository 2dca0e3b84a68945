import { refusalIn } from "../../control.ts";
import { environmentOf, noteConfigVersion } from "../../environment.ts";
import { callTown } from "../../run.ts";
import { ok } from "../../town.ts";
import { townValue } from "../../town-state.ts";
import type { SchedulerHost } from "../host.ts";

const CAUSE = { kind: "scheduler", what: "sync_config", id: null, by: null };

/** Gives the container the town's environment; a refusal in words, null where it has it. Throws where it could not be asked. */
export async function syncEnvironment(host: SchedulerHost, key: string): Promise<string | null> {
	const { version, env } = environmentOf(host.town);
	const answer = await host.arm().control({
		...{ method: "POST", path: "/sync-config", key, correlation: key },
		body: { version: String(version), env },
	});
	if (!answer.ok && answer.code !== "not-running") throw new Error(answer.message);
	const refusal = refusalIn(answer);
	if (refusal !== null) return refusal;
	callTown(host.live, host.town, CAUSE, (town) => {
		noteConfigVersion(town, String(version));
		return ok(null);
	});
	return null;
}

/** A container that was started since is given the environment before its first agent. */
export async function giveEnvironment(host: SchedulerHost, attempt: string): Promise<string | null> {
	const has = townValue(host.town, "container")?.config_version ?? null;
	const made = townValue(host.town, "environment");
	return has === null && made ? syncEnvironment(host, `${attempt}:environment`) : null;
}
