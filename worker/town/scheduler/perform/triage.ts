import { raiseEscalation } from "../../escalations.ts";
import { ok, type Result } from "../../town.ts";
import { makeBatch, makeRequest } from "../../triage.ts";
import type { Action } from "../actions.ts";
import { act, type SchedulerHost } from "../host.ts";

type Of<T extends Action["type"]> = Extract<Action, { type: T }>;

export const createTriageRequest = (
	host: SchedulerHost,
	{ triage, agent, bead, message }: Of<"create_triage_request">,
): Result<unknown> =>
	act(host, "create_triage_request", (town) => ok(makeRequest(town, { triage, agent, bead, message })));

export const createTriageBatch = (
	host: SchedulerHost,
	{ rig, requests }: Of<"create_triage_batch">,
): Result<unknown> => act(host, "create_triage_batch", (town) => makeBatch(town, rig, requests));

export const raise = (host: SchedulerHost, { escalation }: Of<"raise_escalation">): Result<unknown> =>
	act(host, "raise_escalation", (town) => raiseEscalation(town, escalation));
