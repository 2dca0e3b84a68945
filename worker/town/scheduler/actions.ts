import type { Worker } from "./ready.ts";
import type { SchedulerState } from "./state.ts";

/**
 * What a look of the scheduler decides (domain.md §2.12), as data: each is carried out as one batch with its own cause
 * `{kind: "scheduler", what: type}`, and its precondition is checked again by the transition tables when it is. `why` is one
 * plain sentence for the journal.
 */
export type Action = { why: string } & (
	| { type: "create_agent"; role: Worker; rig_id: string | null; name: string }
	/** As its owner would; its history and stream stay. */
	| { type: "delete_agent"; agent: string }
	| { type: "hook_agent"; agent: string; bead: string }
	/** Rows first (attempt, counters), then the container is asked. */
	| { type: "dispatch_agent"; agent: string; bead: string | null }
	/** Its process is gone or was never there: hook, assignee and bead go back. */
	| { type: "release_agent"; agent: string; move: "lost" | "exit" }
	| { type: "stop_agent"; agent: string; move: "stall" | "none" }
	| { type: "recover_agent"; agent: string }
	| { type: "release_bead"; bead: string }
	| { type: "fail_bead"; bead: string; code: string; message: string }
	| { type: "unhook_agent"; agent: string }
	| { type: "send_nudge"; agent: string; level: "warn" | "escalate"; message: string }
	/** Into the session of an agent that runs. */
	| { type: "deliver_nudge"; nudge: string; agent: string }
	| { type: "expire_nudge"; nudge: string }
	| {
			type: "create_triage_request";
			triage: string;
			agent: string | null;
			bead: string | null;
			message: string;
	  }
	/** Requests of a rig, or of the whole town, for one triage agent. */
	| { type: "create_triage_batch"; rig: string | null; requests: string[] }
	/** Told again, and louder. */
	| { type: "raise_escalation"; escalation: string }
	| { type: "recover_review"; review: string }
	/** In review without a merge request: back to open. */
	| { type: "recover_source"; bead: string }
	| { type: "poll_pr"; review: string }
	| { type: "merge_pr"; review: string }
	| { type: "note_ready_to_merge"; review: string; ready: boolean }
	| { type: "update_convoy"; convoy: string; closed_beads: number; total_beads: number }
	| { type: "set_ready_to_land"; convoy: string; ready: boolean }
	| { type: "create_landing"; convoy: string }
	| { type: "close_convoy"; convoy: string }
	| { type: "fail_convoy"; convoy: string; message: string }
	| { type: "start_container"; reason: string }
	| { type: "stop_container"; reason: string; sleep: boolean }
	| { type: "check_container"; silent_ms: number }
	| { type: "set_sleep_after"; ms: number }
	| { type: "restart_container"; reason: string }
	| { type: "clear_drain" }
	| { type: "end_pause"; of: "dispatch" | "container" }
	| { type: "open_circuit"; failing_beads: number }
	| { type: "close_circuit" }
	/** What waits in the inbox to be done outside the database. */
	| { type: "process_event"; event: string }
	| { type: "refresh_container_token" }
	/** The container gets the rig's token; `fresh`: another than the one that is kept. */
	| { type: "refresh_git_token"; rig: string; fresh: boolean }
	| { type: "push_kilo_token" }
	/** `message`: that it ends soon, or has ended; null where it is good. */
	| { type: "note_kilo_token"; outcome: "ok" | "failed"; message: string | null }
);
export type ActionType = Action["type"];

/** One rule of the scheduler: pure, deterministic, in an order that does not depend on rows' order. */
export type Rule = (state: SchedulerState) => Action[];
