import type { Result } from "../../town.ts";
import type { Action } from "../actions.ts";
import type { SchedulerHost } from "../host.ts";
import { keyOf, type Outside } from "../keys.ts";
import type { Doing, Effect } from "../scheduler.ts";
import * as agents from "./agents.ts";
import * as container from "./container.ts";
import * as convoys from "./convoys.ts";
import * as credentials from "./credentials.ts";
import * as dispatch from "./dispatch.ts";
import { processEvent } from "./inbox.ts";
import * as reviews from "./reviews.ts";
import * as town from "./town.ts";
import * as triage from "./triage.ts";

/** An action that changes rows does so at once, and answers what is left to be done outside the database. */
type Perform<T extends Action["type"]> = (
	host: SchedulerHost,
	action: Extract<Action, { type: T }>,
) => T extends Outside ? Effect : Doing[] | Result<unknown> | null;

/** How each action is carried out. */
const PERFORM: { [T in Action["type"]]: Perform<T> } = {
	create_agent: dispatch.createAgent,
	delete_agent: dispatch.deleteAgent,
	hook_agent: dispatch.hookAgent,
	dispatch_agent: dispatch.dispatchAgent,
	release_agent: agents.releaseAgent,
	stop_agent: agents.stopStalled,
	recover_agent: agents.recoverAgent,
	release_bead: agents.giveBack,
	recover_source: agents.giveBack,
	fail_bead: agents.failBead,
	unhook_agent: agents.unhookAgent,
	send_nudge: agents.sendNudge,
	deliver_nudge: agents.deliverNudge,
	expire_nudge: agents.expireNudge,
	create_triage_request: triage.createTriageRequest,
	create_triage_batch: triage.createTriageBatch,
	raise_escalation: triage.raise,
	recover_review: reviews.recoverReview,
	poll_pr: reviews.pollPr,
	merge_pr: reviews.mergePr,
	note_ready_to_merge: reviews.noteReady,
	update_convoy: convoys.updateConvoy,
	set_ready_to_land: convoys.setReadyToLand,
	create_landing: convoys.createLanding,
	close_convoy: convoys.closeConvoy,
	fail_convoy: convoys.failConvoy,
	start_container: container.startContainer,
	stop_container: container.stopContainer,
	check_container: container.checkContainer,
	set_sleep_after: container.setSleepAfter,
	restart_container: container.restartContainer,
	clear_drain: town.clearDrain,
	end_pause: town.endPause,
	open_circuit: town.openCircuit,
	close_circuit: town.closeCircuit,
	process_event: processEvent,
	refresh_container_token: credentials.refreshContainerToken,
	refresh_git_token: credentials.refreshGitToken,
	push_kilo_token: credentials.pushKiloToken,
	note_kilo_token: credentials.noteKiloToken,
};

/** What is left to be done outside the database; null where nothing came of it. */
export function perform(host: SchedulerHost, action: Action): Doing[] | null {
	const done = (PERFORM[action.type] as Perform<Action["type"]>)(host, action as never);
	const key = keyOf(action);
	if (typeof done === "function") return key === null ? null : [{ key, run: done }];
	if (Array.isArray(done)) return done;
	return done?.ok ? [] : null;
}
