import type { Method, MethodArgs, Reports } from "../../shared/ingest/index.ts";
import { createAgent, deleteAgent, setAgentStatusMessage, updateAgentStatus } from "./agents.ts";
import {
	addDependency, closeBead, createBead, deleteBead, removeDependency, updateBead, updateBeadStatus,
} from "./beads.ts"; // biome-ignore format: a list
import { agentCompleted } from "./completions.ts";
import { recordContainerEvent, recordLog } from "./container.ts";
import { closeConvoy, convoyAddBead, convoyRemoveBead, slingConvoy, startConvoy } from "./convoys.ts";
import { recordCredentialEvent } from "./credentials/record.ts";
import { dispatchOutcome, startDispatch } from "./dispatch.ts";
import { acknowledgeEscalation, resolveTriage, routeEscalation } from "./escalations.ts";
import { recordGitOperation } from "./git.ts";
import { hookBead, unhookBead } from "./hooks.ts";
import { listBeads, listRigs, sendMayorMessage } from "./mayor.ts";
import { practiceState } from "./practice.ts";
import { recordHeartbeat } from "./pulse.ts";
import { listAgents, readyBeads } from "./readiness.ts";
import { agentDone, completeReview, requestChanges } from "./reviews.ts";
import { createRig } from "./rigs.ts";
import type { Result, Town } from "./town.ts";
import { createTown, setTownState } from "./town-state.ts";

/** What agents and users may call, by name: the whole list. No intervention is among them (LEDGER-1). */
export const METHOD_PARTS: { [M in Method]: (town: Town, args: MethodArgs<M>) => Result<unknown> } = {
	createTown,
	createRig,
	createAgent,
	deleteAgent,
	updateAgentStatus,
	setAgentStatusMessage,
	createBead,
	updateBead,
	updateBeadStatus,
	closeBead,
	deleteBead,
	addDependency,
	removeDependency,
	hookBead,
	unhookBead,
	startDispatch,
	dispatchOutcome,
	agentDone,
	completeReview,
	setTownState,
	listAgents,
	readyBeads,
	requestChanges,
	slingConvoy,
	startConvoy,
	convoyAddBead,
	convoyRemoveBead,
	closeConvoy,
	routeEscalation,
	acknowledgeEscalation,
	resolveTriage,
	sendMayorMessage,
	listBeads,
	listRigs,
	practiceState,
};

/** What a container may report, by kind. */
export const REPORT_PARTS: { [K in keyof Reports]: (town: Town, report: Reports[K]) => Result<unknown> } = {
	heartbeat: recordHeartbeat,
	log: recordLog,
	"container-events": recordContainerEvent,
	"git-operations": recordGitOperation,
	"credential-events": recordCredentialEvent,
	completions: agentCompleted,
};
