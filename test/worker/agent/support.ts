import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import {
	FEED_PATH, type Head, type Position, type Segment, type Stream, type StreamEvent, SUBSCRIBER_HEADER, TOWN_HEADER,
} from "../../../shared/protocol/index.ts"; // biome-ignore format: a list
import type { StreamLimits } from "../../../worker/agent/limits.ts";
import type { AgentDO } from "../../../worker/agent-do.ts";
import type { AppendResult, IngestEvent } from "../../../worker/rpc.ts";
import { agentStub } from "../../../worker/stubs.ts";
import type { Recorded } from "../../support/recordings.ts";

export const TOWN = "town-1";

export const event = (
	type: string,
	properties: unknown,
	at = 1_000,
	id: string | null = null,
): IngestEvent => ({
	at,
	id,
	type,
	properties,
});
export const note = (n: number, text = "x"): IngestEvent =>
	event("todo.updated", { sessionID: "ses_1", n, text }, 1_000 + n);

/** A recording as the container reports it. */
export const ingestOf = (events: readonly (Recorded & { t: number })[]): IngestEvent[] =>
	events.map(({ id, type, properties, t }) => ({ at: Math.round(t) + 1, id: id ?? null, type, properties }));

/** An agent's object, and a producer that sends batches to it. */
export function agentOf(agent: string) {
	const stub = agentStub(env, agent);
	let producerSeq = 0;
	const self = {
		id: agent,
		stub,
		/** Sends the next batch, or the one named. */
		async send(
			events: IngestEvent[],
			more: Partial<Parameters<typeof stub.append>[0]> = {},
		): Promise<AppendResult> {
			return stub.append({
				town: TOWN,
				agent,
				producer: "p1",
				producerSeq: ++producerSeq,
				attempt: "attempt-1",
				bead: "bead-1",
				events,
				...more,
			});
		},
		/** Runs inside the object, e.g. to move its clock, to read storage or to abort it. */
		inside: <T>(fn: (instance: AgentDO, state: DurableObjectState) => T | Promise<T>): Promise<T> =>
			runInDurableObject(env.AGENT.getByName(agent), fn as never) as Promise<T>,
		alarm: () => runDurableObjectAlarm(env.AGENT.getByName(agent) as never),
		limit: (limits: Partial<StreamLimits>) =>
			self.inside((instance) => {
				instance.limits = { ...instance.limits, ...limits };
			}),
		segments: () =>
			self.inside((_, state) =>
				state.storage.sql
					.exec<{ text: string; bytes: number }>("SELECT text, bytes FROM segment ORDER BY to_seq")
					.toArray(),
			),
		async events(): Promise<StreamEvent[]> {
			return (await self.segments()).flatMap(({ text }) => (JSON.parse(text) as Segment).events);
		},
		/** A row of storage, the first column of the first row. */
		value: <T>(sql: string) =>
			self.inside((_, state) => Object.values(state.storage.sql.exec(sql).one())[0] as T),
		/** The whole text of a cut body. */
		async body(ref: string): Promise<string> {
			let text = "";
			for (let piece = 0; ; piece++) {
				const answer = await stub.query(TOWN, { kind: "body", agent, ref, piece });
				if ("ok" in answer) throw new Error(answer.message);
				text += (answer.rows[0] as { text: string }).text;
				if (!answer.more) return text;
			}
		},
	};
	return self;
}
export type TestAgent = ReturnType<typeof agentOf>;

/** A follower, as a session is: keeps its position, takes only what follows, subscribes again when it is behind. */
export class Follower {
	readonly frames: Stream[] = [];
	readonly texts: string[] = [];
	events: StreamEvent[] = [];
	position: Position | null = null;
	heads: Head[] = [];
	#ws: WebSocket | null = null;
	#wake: (() => void)[] = [];

	async open(agent: TestAgent, town = TOWN): Promise<Response> {
		const response = await agent.stub.fetch(`https://agent${FEED_PATH}`, {
			headers: { upgrade: "websocket", [SUBSCRIBER_HEADER]: "session", [TOWN_HEADER]: town },
		});
		const ws = response.webSocket;
		if (!ws) return response;
		this.#ws = ws;
		ws.addEventListener("message", ({ data }) => this.#ws === ws && this.#hear(String(data)));
		ws.accept();
		return response;
	}

	subscribe(cursor: Position | null = this.position, tail_bytes?: number): this {
		this.#ws?.send(JSON.stringify({ t: "subscribe", cursor, tail_bytes }));
		return this;
	}

	drop(): void {
		const ws = this.#ws;
		this.#ws = null;
		ws?.close(1000);
	}

	async until(condition: (self: this) => boolean): Promise<this> {
		while (!condition(this)) await new Promise<void>((resolve) => this.#wake.push(resolve));
		return this;
	}

	/** Everything up to `seq` was heard, and a head. */
	reach = (seq: number): Promise<this> =>
		this.until(() => this.heads.length > 0 && (this.position?.seq ?? -1) >= seq);

	#hear(text: string): void {
		const message = JSON.parse(text) as Stream | Head;
		if (message.t === "head") this.heads.push(message);
		else this.#fold(message, text);
		if (message.t === "head" && this.position === null) this.position = message.position;
		else if (message.t === "head" && message.position.seq > (this.position?.seq ?? 0)) this.subscribe();
		for (const wake of this.#wake.splice(0)) wake();
	}

	#fold(frame: Stream, text: string): void {
		this.frames.push(frame);
		this.texts.push(text);
		if (frame.reset) {
			this.events = [];
			this.position = null;
		}
		for (const { from, to, mark, events } of frame.segments) {
			if (this.position && from !== this.position.seq + 1) continue;
			this.events.push(...events);
			this.position = { epoch: frame.epoch, seq: to, mark };
		}
	}
}
