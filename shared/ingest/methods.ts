import { z } from "zod";
import { AGENT_ROLES, AGENT_STATUSES } from "../gastown/agent.ts";
import {
	BEAD_PRIORITIES,
	BEAD_STATUSES,
	BEAD_TYPES,
	DEPENDENCY_TYPES,
	failureReason,
} from "../gastown/bead.ts";

/**
 * What agents and users call in Gastown: `POST gastown/:method` with these arguments (domain.md §2.2). An intervention of
 * an admin is never among them (LEDGER-1). Ids may be chosen by the caller, so that a repeated call is refused as such.
 */
const id = z.string().min(1).max(200);
const title = z.string().trim().min(1).max(1_000);
const body = z.string().max(100_000);
const labels = z.array(z.string().max(100)).max(50);
const metadata = z.record(z.string(), z.unknown());
/** Who acts: agent id, user id, `patrol`… */
const actor = z.string().max(200).nullable().default(null);

export const METHODS = {
	createTown: z.strictObject({ name: title, owner_type: z.enum(["user", "org"]), owner_id: id }),
	createRig: z.strictObject({
		id: id.optional(),
		name: title,
		git_url: z.string().max(1_000).default(""),
		default_branch: z.string().min(1).max(200).default("main"),
		config: metadata.default({}),
		platform_integration_id: id.nullable().default(null),
	}),
	createAgent: z.strictObject({
		id: id.optional(),
		role: z.enum(AGENT_ROLES),
		name: title,
		/** Unique in the town; the name with the role and rig where it is left out. */
		identity: title.optional(),
		rig_id: id.nullable().default(null),
	}),
	deleteAgent: z.strictObject({ agent_id: id }),
	updateAgentStatus: z.strictObject({ agent_id: id, status: z.enum(AGENT_STATUSES) }),
	/** The sentence an agent says of its work (`gt_status`). */
	setAgentStatusMessage: z.strictObject({ agent_id: id, message: z.string().max(2_000) }),
	createBead: z.strictObject({
		id: id.optional(),
		type: z.enum(BEAD_TYPES).exclude(["agent"]).default("issue"),
		title,
		body: body.nullable().default(null),
		rig_id: id.nullable().default(null),
		parent_bead_id: id.nullable().default(null),
		assignee_agent_bead_id: id.nullable().default(null),
		priority: z.enum(BEAD_PRIORITIES).default("medium"),
		labels: labels.default([]),
		metadata: metadata.default({}),
		created_by: actor,
	}),
	updateBead: z.strictObject({
		bead_id: id,
		fields: z.strictObject({
			title: title.optional(),
			body: body.nullable().optional(),
			priority: z.enum(BEAD_PRIORITIES).optional(),
			labels: labels.optional(),
			metadata: metadata.optional(),
		}),
		actor,
	}),
	updateBeadStatus: z.strictObject({
		bead_id: id,
		status: z.enum(BEAD_STATUSES),
		actor,
		failure_reason: failureReason.optional(),
	}),
	closeBead: z.strictObject({ bead_id: id, actor }),
	/** Its rows go; history stays, and so do the counters of its convoys until somebody counts again. */
	deleteBead: z.strictObject({ bead_id: id, actor }),
	addDependency: z.strictObject({
		bead_id: id,
		depends_on_bead_id: id,
		dependency_type: z.enum(DEPENDENCY_TYPES).default("blocks"),
	}),
	removeDependency: z.strictObject({ bead_id: id, depends_on_bead_id: id }),
	hookBead: z.strictObject({ agent_id: id, bead_id: id }),
	unhookBead: z.strictObject({ agent_id: id }),
	/** Answers `{attempt_id, n}`. `skip_back_off` is a person's "now". */
	startDispatch: z.strictObject({ agent_id: id, skip_back_off: z.boolean().default(false) }),
	dispatchOutcome: z.strictObject({
		attempt_id: id,
		outcome: z.enum(["started", "failed", "refused"]),
		/** HTTP status and body of the container's answer. */
		container_response: z.string().max(8_000).nullable().default(null),
		error: z.string().max(8_000).nullable().default(null),
		process_id: z.string().max(100).nullable().default(null),
	}),
	/** Answers `{merge_request_id}`, null where nothing is to be reviewed. */
	agentDone: z.strictObject({
		agent_id: id,
		branch: z.string().max(400).default(""),
		pr_url: z.string().max(1_000).nullable().default(null),
		summary: z.string().max(10_000).default(""),
	}),
	completeReview: z.strictObject({
		/** The merge request's bead. */
		entry_id: id,
		status: z.enum(["merged", "failed", "conflict"]),
		message: z.string().max(8_000).default(""),
		commit_sha: z.string().max(100).nullable().default(null),
	}),
	/** A refinery sends work back: its merge request ends, the source is open again with what is asked for, on its branch. */
	requestChanges: z.strictObject({ agent_id: id, entry_id: id, message: z.string().min(1).max(8_000) }),
	/**
	 * A convoy with its members, which block one another in the order given unless `parallel`. Answers `{convoy_id, bead_ids}`.
	 * Ids may be chosen: the members' are `<id>.1`, `<id>.2`….
	 */
	slingConvoy: z.strictObject({
		id: id.optional(),
		title,
		rig_id: id,
		beads: z
			.array(z.strictObject({ title, body: body.nullable().default(null) }))
			.min(1)
			.max(50),
		parallel: z.boolean().default(true),
		merge_mode: z.enum(["review-then-land", "review-and-merge"]).nullable().default(null),
		staged: z.boolean().default(false),
		created_by: actor,
	}),
	startConvoy: z.strictObject({ convoy_id: id, actor }),
	convoyAddBead: z.strictObject({ convoy_id: id, bead_id: id }),
	convoyRemoveBead: z.strictObject({ convoy_id: id, bead_id: id }),
	closeConvoy: z.strictObject({ convoy_id: id, actor }),
	/** An agent or the town asks for help. Answers `{escalation_id}`. */
	routeEscalation: z.strictObject({
		agent_id: id.nullable().default(null),
		bead_id: id.nullable().default(null),
		severity: z.enum(["low", "medium", "high", "critical"]).default("medium"),
		category: z.string().max(100).nullable().default(null),
		message: z.string().min(1).max(8_000),
	}),
	/** Seen by somebody; the escalation stays open until its cause is gone (Gastown closed it, #1107). */
	acknowledgeEscalation: z.strictObject({ escalation_id: id, actor }),
	resolveTriage: z.strictObject({
		agent_id: id.nullable().default(null),
		triage_request_bead_id: id,
		action: z.enum([
			"RESTART", "RESTART_WITH_BACKOFF", "CLOSE_BEAD", "ESCALATE", "ESCALATE_TO_MAYOR", "NUDGE", "REASSIGN_BEAD",
			"DISCARD", "PROVIDE_GUIDANCE",
		]), // biome-ignore format: a list
		notes: z.string().max(8_000).default(""),
		actor,
	}),
	/** The owner says something to the mayor, who is started where it has no session. Answers `{nudge_id, session}`. */
	sendMayorMessage: z.strictObject({ id: id.optional(), message: z.string().min(1).max(20_000), actor }),
	/** Beads as users and mayors see them, newest first, at most 200. Changes nothing. */
	listBeads: z.strictObject({
		status: z.enum(BEAD_STATUSES).nullable().default(null),
		type: z.enum(BEAD_TYPES).exclude(["agent"]).nullable().default(null),
		rig_id: id.nullable().default(null),
		limit: z.int().min(1).max(200).default(100),
	}),
	/** The rigs, what the mayor last said is in its stream. Changes nothing. */
	listRigs: z.strictObject({}),
	/** What the container's scheduler asks: answers `{agents: [{id, name, role, rig_id, status, hook}]}`. Changes nothing. */
	listAgents: z.strictObject({}),
	/**
	 * Beads that could be started now: open, nobody's, blocked by nothing unfinished, attempts left. Best first: priority,
	 * then age. Answers `{beads: [{bead_id, title, labels}]}`, at most 50. Changes nothing.
	 */
	readyBeads: z.strictObject({ type: z.enum(["issue", "merge_request"]).default("issue"), rig_id: id }),
	/** Settings and flags that users and the container have; an admin's pause is an intervention. */
	setTownState: z.discriminatedUnion("key", [
		z.strictObject({ key: z.literal("config"), value: metadata }),
		z.strictObject({
			key: z.literal("run_policy"),
			value: z.strictObject({ policy: z.enum(["automatic", "paused_by_user"]), by: actor }),
		}),
		z.strictObject({
			key: z.literal("billing"),
			value: z.strictObject({ blocked: z.boolean(), reason: z.string().max(1_000).nullable().default(null) }),
		}),
		z.strictObject({
			key: z.literal("drain"),
			value: z.strictObject({ nonce: id }).nullable(),
		}),
	]),
	/**
	 * Development only: writes a state that older Gastown could leave and this one cannot, so that its finding can be practised.
	 * `ended-on-hook`: an ended bead on an idle agent's hook; `assigned-to-gone`: an open bead assigned to an agent that was removed.
	 */
	practiceState: z.strictObject({
		state: z.enum(["ended-on-hook", "assigned-to-gone"]),
		agent_id: id,
		bead_id: id,
	}),
} as const;

export type Method = keyof typeof METHODS;
/** Arguments as the caller writes them. */
export type MethodInput<M extends Method> = z.input<(typeof METHODS)[M]>;
/** Arguments after the check, defaults filled in. */
export type MethodArgs<M extends Method> = z.output<(typeof METHODS)[M]>;

export const isMethod = (name: string): name is Method => Object.hasOwn(METHODS, name);
