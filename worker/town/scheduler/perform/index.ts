import type { Result } from "../../town.ts";
import type { Action } from "../actions.ts";
import type { SchedulerHost } from "../host.ts";
import type { Doing } from "../scheduler.ts";
import * as agents from "./agents.ts";
import * as container from "./container.ts";
import * as convoys from "./convoys.ts";
import * as reviews from "./reviews.ts";

/** Changes rows at once; what has to be done outside the database comes back as something to run. */
type Perform<T extends Action["type"]> = (
	host: SchedulerHost,
	action: Extract<Action, { type: T }>,
) => Doing | Result<unknown> | null;

/** How each action is carried out. */
const PERFORM: { [T in Action["type"]]: Perform<T> } = {
	create_agent: agents.createAgent,
	hook_agent: agents.hookAgent,
	dispatch_agent: agents.dispatchAgent,
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
	create_triage_request: agents.createTriageRequest,
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
	restart_container: container.restartContainer,
	clear_drain: container.clearDrain,
	end_pause: container.endPause,
	refresh_container_token: container.refreshContainerToken,
};

export const perform = (host: SchedulerHost, action: Action): Doing | Result<unknown> | null =>
	(PERFORM[action.type] as Perform<Action["type"]>)(host, action as never);
