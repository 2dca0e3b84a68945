import { randomBytes } from "node:crypto";
import type { AgentStatusAnswer, StartAgent } from "../../shared/control/index.ts";
import { promptHash } from "../../shared/gastown/prompts.ts";
import type { AgentSession, SdkEvent } from "../agents/agent-session.ts";
import type { EventGatherer } from "../report/event-gatherer.ts";

const RING = 2_000;

/** What the container knows of one agent, from its start until its end was told. */
export class RunningAgent {
	readonly order: StartAgent;
	/** What the agent shows to its own API: nobody else has it. */
	readonly token = randomBytes(24).toString("hex");
	readonly events: EventGatherer;
	readonly startedAt = Date.now();
	/** Its worktree. */
	workdir: string | null = null;
	session: AgentSession | null = null;
	status: AgentStatusAnswer["status"] = "starting";
	exitReason: string | null = null;
	/** Why it is being ended, and what that end is to be told as. */
	ending: { status: "completed" | "stopped" | "evicted" | "failed"; reason: string } | null = null;
	/** It said that its work is done: nothing more is expected of it. */
	handedIn = false;
	/** A turn is under way. */
	busy = true;
	/** Messages that wait for a turn of their own: kilo says idle between such turns (sdk-events.md §5). */
	#queued = 0;
	lastEventType: string | null = null;
	lastEventAt: number;
	messageCount = 0;
	model: string;
	promptHash: string;
	readonly activeTools = new Map<string, string>();
	readonly #ring: { n: number; event: SdkEvent }[] = [];
	#n = 0;

	constructor(order: StartAgent, events: EventGatherer) {
		this.order = order;
		this.events = events;
		this.lastEventAt = this.startedAt;
		this.model = order.model;
		this.promptHash = promptHash(order.system_prompt);
	}

	/** Takes an event of its session. */
	take(event: SdkEvent): void {
		this.events.push(event);
		this.lastEventType = event.type;
		this.lastEventAt = event.at;
		this.#ring.push({ n: ++this.#n, event });
		if (this.#ring.length > RING) this.#ring.shift();
		if (event.type === "session.idle") this.busy = false;
		else if (event.type === "session.status" && kindOf(event) === "busy") this.busy = true;
		if (event.type === "session.queue.changed") this.#queued = queuedIn(event);
		if (event.type === "message.updated") this.messageCount += 1;
		if (event.type === "message.part.updated") this.#followTool(event);
	}

	/** Events after the n-th, with their numbers. */
	eventsAfter(n: number): { n: number; event: SdkEvent }[] {
		return this.#ring.filter((one) => one.n > n);
	}

	/** Nothing is under way and nothing waits. */
	get isIdle(): boolean {
		return !this.busy && this.#queued === 0;
	}

	/** Names of the tools that run. */
	tools(): string[] {
		return [...new Set(this.activeTools.values())];
	}

	#followTool(event: SdkEvent): void {
		const { part } = event.properties as {
			part?: { id: string; type: string; tool?: string; state?: { status: string } };
		};
		if (part?.type !== "tool" || !part.tool) return;
		if (part.state?.status === "running") this.activeTools.set(part.id, part.tool);
		else this.activeTools.delete(part.id);
	}
}

const queuedIn = (event: SdkEvent): number =>
	(event.properties as { queued?: unknown[] }).queued?.length ?? 0;
const kindOf = (event: SdkEvent): unknown =>
	(event.properties as { status?: { type?: string } }).status?.type;
