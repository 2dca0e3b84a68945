import { DurableObject } from "cloudflare:workers";
import { type Position, type Question, REVEALED_HEADER, TOWN_HEADER } from "../shared/protocol/index.ts";
import { askStream, pageStream } from "./agent/ask.ts";
import { streamSource } from "./agent/feed.ts";
import { hiddenWith, type SegmentView, shown } from "./agent/hidden.ts";
import { STREAM_LIMITS } from "./agent/limits.ts";
import { reportOf } from "./agent/report.ts";
import { AgentStream, type Batch } from "./agent/stream.ts";
import { Agenda, FeedSocket, sqlOf } from "./live-ops/index.ts";
import type { AgentRpc, AppendResult, Page, QueryAnswer, Refusal } from "./rpc.ts";
import { townStub } from "./stubs.ts";

const FOREIGN: Refusal = { ok: false, code: "foreign-town", message: "This agent belongs to another town." };
const NOT_KEPT: Refusal = {
	ok: false,
	code: "no-stream",
	message: "Nothing is kept of this agent's stream: it ends 30 days after the agent was removed.",
};

/** An agent's stream and its feed. Wires parts, holds no logic of theirs. */
export class AgentDO extends DurableObject<Env> implements AgentRpc {
	/** Epoch milliseconds; tests move it. */
	clock: () => number = Date.now;
	/** Tests make it small. */
	limits = STREAM_LIMITS;
	/** Prompts, code and output are hidden until somebody reveals them (SEC-4); tests set it. */
	hides: boolean;
	readonly #stream: AgentStream;
	/** For whoever has revealed nothing, and for those who have: at most two encodings of a frame (SEC-4). */
	readonly #feed: FeedSocket;
	readonly #revealed: FeedSocket;
	readonly #agenda: Agenda;
	readonly #hidden = hiddenWith(() => `${this.env.TICKET_SECRET} ${this.#stream.state.epoch}`);

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		const clock = () => this.clock();
		this.hides = env.CONVERSATIONS === "hidden";
		const sql = sqlOf(ctx.storage);
		this.#agenda = new Agenda(ctx, sql, clock);
		this.#stream = new AgentStream({
			sql,
			limits: () => this.limits,
			clock,
			random: () => crypto.randomUUID(),
		});
		this.#feed = new FeedSocket({
			...{ ctx, clock, tag: "stream", source: streamSource(this.#stream, () => this.#view(false)) },
		});
		this.#revealed = new FeedSocket({
			...{ ctx, clock, tag: "revealed", source: streamSource(this.#stream, () => shown) },
		});
	}

	async append(batch: Batch): Promise<AppendResult> {
		const { followedMs, unfollowedMs } = this.limits;
		const interval = this.#feed.followed || this.#revealed.followed ? followedMs : unfollowedMs;
		const { result, grew, told, urgent } = this.#stream.append(batch, interval);
		if (grew) {
			this.#feed.publish();
			this.#revealed.publish();
		}
		if (grew && this.#agenda.due("prune") === null)
			this.#agenda.set("prune", this.clock() + this.limits.ageMs);
		if (told) this.#planReport(urgent);
		return result;
	}

	async page(town: string, cursor: Position, bytes: number, revealed = false): Promise<Page> {
		if (!this.#isOf(town)) return { reset: "epoch" };
		return pageStream(this.#stream, cursor, bytes, this.#view(revealed));
	}

	async query(town: string, question: Question, revealed = false): Promise<QueryAnswer | Refusal> {
		if (!this.#isOf(town)) return this.#stream.state.town === null ? NOT_KEPT : FOREIGN;
		return askStream(this.#stream, question, this.#view(revealed));
	}

	async claim(town: string, agent: string): Promise<boolean> {
		if (!this.#stream.claim(town, agent)) return false;
		this.#agenda.cancel("expire");
		return true;
	}

	async retire(town: string): Promise<void> {
		if (this.#isOf(town)) this.#agenda.set("expire", this.clock() + this.limits.retiredMs);
	}

	override async fetch(request: Request): Promise<Response> {
		const town = request.headers.get(TOWN_HEADER);
		if (town === null || !this.#isOf(town)) return new Response(FOREIGN.message, { status: 403 });
		return (request.headers.has(REVEALED_HEADER) ? this.#revealed : this.#feed).fetch(request);
	}

	override webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): void {
		if (!this.#feed.webSocketMessage(ws, message)) this.#revealed.webSocketMessage(ws, message);
	}

	override webSocketClose(ws: WebSocket, code: number): void {
		if (!this.#feed.webSocketClose(ws, code)) this.#revealed.webSocketClose(ws, code);
	}

	override webSocketError(ws: WebSocket): void {
		if (!this.#feed.webSocketError(ws)) this.#revealed.webSocketError(ws);
	}

	override async alarm(): Promise<void> {
		await this.#agenda.run({
			report: () => this.#report(),
			prune: () => this.#prune(),
			expire: () => this.#stream.empty(),
		});
	}

	/** The salt is a secret of the deployment: equal texts are known as equal, and not by trying (SEC-4). */
	#view(revealed: boolean): SegmentView {
		return this.hides && !revealed ? this.#hidden : shown;
	}

	#isOf(town: string): boolean {
		return this.#stream.state.town === town;
	}

	/** At most one report in five seconds, but at once for what diagnosis waits for (STREAM-4, STREAM-6). */
	#planReport(urgent: boolean): void {
		const now = this.clock();
		const due = urgent ? now : Math.max(now, this.#stream.state.reported.at + this.limits.reportMs);
		const planned = this.#agenda.due("report");
		if (planned === null || planned > due) this.#agenda.set("report", due);
	}

	/** An idle stream ages too (STREAM-3). */
	#prune(): void {
		const due = this.#stream.prune();
		if (due !== null) this.#agenda.set("prune", Math.max(due, this.clock()));
	}

	async #report(): Promise<void> {
		const { town, seq } = this.#stream.state;
		const unsaid = reportOf(this.#stream, this.clock());
		if (!unsaid || town === null) return;
		await townStub(this.env, town).reportAgent(unsaid.report);
		this.#stream.reported(unsaid.text, seq);
	}
}
