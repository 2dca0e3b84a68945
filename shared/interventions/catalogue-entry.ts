import type { z } from "zod";
import type {
	Agent, AgentSessionRow, AgentSignals, Bead, BeadDependency, ConvoyMetadata, EscalationMetadata, ReviewMetadata, Rig,
	RigCredential, TownEvent, TownStateKey, TownStateValue,
} from "../gastown/index.ts"; // biome-ignore format: a list

/** Reads of a target and its neighbours; TownView answers in the browser, SQL in TownDO, so that both run the same rules. */
export type Lookup = {
	bead(id: string): Bead | undefined;
	agent(id: string): Agent | undefined;
	agents(): Agent[];
	/** What its stream says of an agent now (STREAM-6). */
	signals(agentId: string): AgentSignals | undefined;
	/** What the container last told of its session. */
	session(agentId: string): AgentSessionRow | undefined;
	review(beadId: string): ReviewMetadata | undefined;
	convoy(beadId: string): ConvoyMetadata | undefined;
	escalation(beadId: string): EscalationMetadata | undefined;
	/** An event of the scheduler's inbox. */
	event(id: string): TownEvent | undefined;
	/** Agents of a rig, by the `rig_id` of their bead; null for town-wide ones. */
	agentsOfRig(rigId: string | null): Agent[];
	agentsHookedTo(beadId: string): Agent[];
	beadsAssignedTo(agentId: string): Bead[];
	dependenciesOf(beadId: string): BeadDependency[];
	dependentsOf(beadId: string): BeadDependency[];
	/** Merge requests of a rig that have not ended. */
	mergeRequestsOf(rigId: string): Bead[];
	rig(id: string): Rig | undefined;
	/** What is known of a credential; `rig` is `town` for those of the whole town. */
	credential(rig: string, credential: string): RigCredential | undefined;
	town<K extends TownStateKey>(key: K): TownStateValue<K> | undefined;
	/** Who last changed this bead's status, by name, where the journal at hand says it. */
	statusChangedBy(beadId: string): string | null;
};

/** Computed from parameters and state (interventions.md): decides the form of the button and the confirmation. */
export type Danger = "safe" | "disruptive" | "destructive";

/** `noop` is no success: what would change nothing says so (LEDGER-5). */
export type Verdict = { ok: true } | { ok: false; kind: "refused" | "noop"; code: string; message: string };

/** One thing to be seen in the feed, as data, so that the ledger keeps it. */
export type Effect = {
	label: string;
	entity: string;
	key: string;
	/** A row that is gone, or whose columns hold these values: of an object, the fields that are named. */
	is: Record<string, unknown> | "gone";
	/** And whose columns hold these no longer. */
	isnt?: Record<string, unknown>;
	/** Reached outside the database (a process that ends); shown as such while awaited. */
	outside: boolean;
};

export type Preview = { will: string[]; wont: string[] };

/**
 * What TownDO has to run beside its own rows; kept with the receipt, the intervention's id is the idempotency key. Agent and bead
 * of a stop or kill are held from dispatch until its end was seen, a merge request until its merge is over; the others hold nobody.
 */
export type OutsideEffect =
	| { kind: "stop-agent" | "kill-agent"; agent: string; bead: string | null }
	| { kind: "interrupt-agent"; agent: string }
	| { kind: "set-model"; agent: string; model: string }
	/** The prompt as it was when it was ordered, so that its hash is the one that was seen. */
	| { kind: "set-prompt"; agent: string; prompt: string }
	| { kind: "answer-permission"; agent: string; permission: string; reply: PermissionReply }
	| { kind: "container"; verb: "start" | "stop" | "restart" }
	| { kind: "poll-pr"; review: string }
	/** `head`: the commit that the admin saw; nothing else is merged. */
	| { kind: "merge-pr"; review: string; head: string }
	| { kind: "link-pr"; review: string; url: string }
	/** Found or minted anew, verified and handed to the container. `rig`: of a git token. */
	| { kind: "refresh-credential"; credential: "git" | "kilo" | "container"; rig: string | null }
	/** The environment as it is when the container is asked. */
	| { kind: "sync-config" };

export const PERMISSION_REPLIES = ["once", "always", "reject"] as const;
export type PermissionReply = (typeof PERMISSION_REPLIES)[number];

/**
 * One intervention, pure. Every function takes the target and a lookup; `saw` names the fields it depends on, and
 * a proposal is refused where one of them changed (LEDGER-5), naming it.
 */
export type CatalogueEntry<P = Record<string, unknown>> = {
	name: string;
	/** `town`, `container` and `mayor`: the town itself, its id is the target; a mayor's is its agent's. */
	target: "bead" | "agent" | "container" | "mayor" | "rig" | "town";
	params: z.ZodType<P>;
	/** What was done, before the target's name, as the ledger tells it: `Restart the container of`. */
	title: string;
	/** What a person starts out with who has chosen no parameters yet; it need not be whole. `{}` where none is given. */
	draft?: Record<string, unknown>;
	/**
	 * The label of the secret that it takes with these parameters, null where it takes none. It travels beside the parameters,
	 * from the page by the session to the town, and is kept in the town's secrets alone (LEDGER-14). What takes one must be
	 * safe: nothing may have to keep it while seconds are counted.
	 */
	secret?(params: P): string | null;
	/** Verb and object, e.g. `Reset Toast`. */
	label(target: string, params: P, look: Lookup): string;
	saw(target: string, params: P, look: Lookup): Record<string, unknown>;
	precondition(target: string, params: P, look: Lookup): Verdict;
	danger(target: string, params: P, look: Lookup): Danger;
	preview(target: string, params: P, look: Lookup): Preview;
	/** `id` is the intervention's, which names rows that it makes, e.g. a nudge. */
	effects(target: string, params: P, look: Lookup, id: string): Effect[];
	/** What has to be run beside the rows, e.g. sessions to stop: TownDO keeps it with the receipt. */
	outside(target: string, params: P, look: Lookup, id: string): OutsideEffect[];
	/** How to put the row back, true only where it really is; null where nothing can. */
	undo(target: string, params: P, look: Lookup): { name: string; params: Record<string, unknown> } | null;
	/** What to do next where there is no undo. */
	next: string | null;
	/** Longest time until the effect should be seen, milliseconds. */
	within: number;
};
