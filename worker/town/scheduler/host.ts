import type { MethodArgs } from "../../../shared/ingest/index.ts";
import type { LiveOps } from "../../live-ops/index.ts";
import type { TownContainerRpc } from "../../rpc.ts";
import type { GitTokens } from "../credentials/git-tokens.ts";
import { callTown } from "../run.ts";
import type { Result, Town } from "../town.ts";
import type { ActionType } from "./actions.ts";

/** What the scheduler acts with. */
export type SchedulerHost = {
	town: Town;
	/** False where no container can be had: then nothing is scheduled. */
	enabled: () => boolean;
	live: LiveOps;
	arm: () => TownContainerRpc;
	tokens: GitTokens;
	/** Mints a new token for the container. */
	containerToken: () => Promise<string>;
	/** A new agent needs its stream claimed first. */
	createAgent: (args: MethodArgs<"createAgent">) => Promise<Result<unknown>>;
	/** As its owner's call: its stream is told, too. */
	deleteAgent: (args: MethodArgs<"deleteAgent">) => Promise<Result<unknown>>;
	send: typeof fetch;
	/** Something changed: look again soon. */
	changed: () => void;
};

/** Changes the rows as one batch whose cause is this action (SCHED-1). */
export const act = <T>(host: SchedulerHost, type: ActionType, part: (town: Town) => Result<T>): Result<T> =>
	callTown(host.live, host.town, { kind: "scheduler", what: type, id: null, by: null }, part);
