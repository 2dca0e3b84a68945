import {
	CLOSE,
	type CloseCode,
	type Down,
	type LedgerEntry,
	LIMITS,
	type Up,
} from "../../shared/protocol/index.ts";
import { closeReason } from "../auth/closed-socket.ts";
import { Agenda, sqlOf } from "../live-ops/index.ts";
import { townStub } from "../stubs.ts";
import { Access } from "./access.ts";
import { Admission } from "./admission.ts";
import { Refused } from "./failure.ts";
import { type Feed, Feeds, TOWN_FEED } from "./feeds.ts";
import { Greeting } from "./greeting.ts";
import { read } from "./inbox.ts";
import { Interventions, SETTLE } from "./ledger/interventions.ts";
import { Ledger } from "./ledger/ledger.ts";
import { OUTBOX, Outbox } from "./ledger/outbox.ts";
import { PROOF, Proofs } from "./ledger/proofs.ts";
import { Meta } from "./meta.ts";
import { Presence } from "./presence.ts";
import { Pump } from "./pump.ts";
import { Requests } from "./requests.ts";
import { RightsCache } from "./rights-cache.ts";
import { replyCode } from "./sockets.ts";
import { type Attachment, Viewer } from "./viewer.ts";

/** Entry of the agenda that looks after open sockets, and how often. */
const WATCH = "watch";
const WATCH_MS = 30_000;
/** Holds the town's feed while proofs are awaited. */
const FOR_PROOFS = "proofs";
const TAG = "viewer";

type Options = { ctx: DurableObjectState; env: Env; clock: () => number; random: () => number };

/** One town's session: who watches, what they are sent, what they do (SESSION-1 to 8). Wires parts; each part has its own rules. */
export class AdminSession {
	readonly #options: Options;
	readonly #meta: Meta;
	readonly #agenda: Agenda;
	readonly #viewers = new Map<WebSocket, Viewer>();
	readonly #feeds: Feeds;
	readonly #pump: Pump;
	readonly #presence: Presence;
	readonly #rights: RightsCache;
	readonly #admission: Admission;
	readonly #ledger: Ledger;
	readonly #outbox: Outbox;
	readonly #proofs: Proofs;
	readonly #interventions: Interventions;
	readonly #access: Access;
	readonly #requests: Requests;
	readonly #greeting: Greeting;
	/** Rows written in this turn, told at its end. */
	#entries: LedgerEntry[] = [];
	/** The newest pulse, for who comes later. */
	#pulse: string | null = null;

	/** Takes up what an evicted instance left: sockets, entries without outcome, awaited proofs. */
	constructor(options: Options) {
		this.#options = options;
		const { ctx, env, clock, random } = options;
		const sql = sqlOf(ctx.storage);
		const town = () => this.town;
		const viewers = () => this.#viewers.values();
		const rows = (keys: { entity: string; key: string }[]) => townStub(env, town()).rows(keys);
		const seq = () => this.#feeds.get(TOWN_FEED)?.tail.head?.seq ?? 0;
		this.#meta = new Meta(sql);
		this.#agenda = new Agenda(ctx, sql, clock);
		const agenda = this.#agenda;
		this.#feeds = new Feeds({
			env,
			town,
			clock,
			random,
			on: {
				frame: (feed, frame) => {
					this.#pump.deliver(viewers(), feed, frame);
					if (feed.name === TOWN_FEED) this.#proofs.frame(frame.text);
				},
				restarted: (feed) => this.#restarted(feed),
				pulse: (text) => this.#pulsed(text),
				changed: () => this.#feedsChanged(),
			},
		});
		this.#presence = new Presence({
			clock,
			viewers,
			feeds: () => this.#feeds.states,
			behind: (viewer) => this.#pump.behind(viewer),
		});
		this.#pump = new Pump(this.#feeds, {
			gone: (viewer) => !this.#viewers.has(viewer.socket),
			lagging: (viewer) => this.#presence.lagging(viewer),
		});
		this.#rights = new RightsCache(env.DB, clock);
		this.#ledger = new Ledger({ sql, clock, town, appended: (entry) => this.#appended(entry) });
		const ledger = this.#ledger;
		this.#outbox = new Outbox({ ledger, db: env.DB, town, meta: this.#meta, agenda, clock });
		this.#proofs = new Proofs({
			sql,
			agenda,
			ledger,
			clock,
			rows,
			hold: () => this.#feeds.hold(TOWN_FEED, FOR_PROOFS, null),
			release: () => this.#feeds.release(TOWN_FEED, FOR_PROOFS),
			seq,
		});
		this.#interventions = new Interventions({
			ledger,
			proofs: this.#proofs,
			agenda,
			clock,
			sql,
			town: () => townStub(env, town()),
			seq,
		});
		this.#access = new Access({ sql, ledger, clock });
		this.#admission = new Admission({
			sql,
			secret: env.TICKET_SECRET,
			clock,
			rights: this.#rights,
			socketsOf: (admin) => [...viewers()].filter((viewer) => viewer.admin.id === admin).length,
			refused: (...refusal) => this.#access.refused(...refusal),
		});
		this.#requests = new Requests({
			env,
			town,
			townStub: () => townStub(env, town()),
			clock,
			feeds: this.#feeds,
			pump: this.#pump,
			presence: this.#presence,
			ledger,
			interventions: this.#interventions,
			rights: this.#rights,
			admission: this.#admission,
		});
		this.#greeting = new Greeting({
			clock,
			meta: this.#meta,
			describe: () => townStub(env, town()).describe(),
			feeds: this.#feeds,
			pump: this.#pump,
			presence: this.#presence,
			access: this.#access,
			requests: this.#requests,
			pulse: () => this.#pulse,
		});
		this.#wake();
	}

	/** Id of the town; known from the first socket on. */
	get town(): string {
		const town = this.#options.ctx.id.name ?? this.#meta.get("town");
		if (!town) throw new Error("a session is reached by its town's name");
		return town;
	}

	/** Answers the upgrade of a viewer's socket. */
	async open(request: Request): Promise<Response> {
		if (this.#options.ctx.id.name) this.#meta.set("town", this.#options.ctx.id.name);
		const admitted = await this.#admission.admit(this.town, new URL(request.url).searchParams.get("ticket"));
		if (admitted instanceof Response) return admitted;
		const { 0: client, 1: server } = new WebSocketPair();
		this.#options.ctx.acceptWebSocket(server, [TAG]);
		const viewer = new Viewer(server, {
			id: crypto.randomUUID(),
			admin: admitted.admin,
			since: this.#options.clock(),
			expiresAt: admitted.identityExpiresAt,
			opened: null,
			focus: null,
		});
		viewer.update({});
		this.#viewers.set(server, viewer);
		if (this.#agenda.due(WATCH) === null) this.#agenda.set(WATCH, this.#options.clock() + WATCH_MS);
		return new Response(null, { status: 101, webSocket: client });
	}

	/** A text from a viewer. Never throws: what is wrong with it is answered, or closes the socket (SEC-3). */
	async message(socket: WebSocket, raw: string | ArrayBuffer): Promise<void> {
		const viewer = this.#viewers.get(socket);
		if (!viewer) return;
		const { clock } = this.#options;
		const got = read(viewer, raw, clock());
		if (got.kind === "close") return this.#dismiss(viewer, got.code, got.reason);
		if (!(await this.#mayStay(viewer))) return;
		if (got.kind === "refuse") this.#fail(viewer, got.id, new Refused("bad_request", got.message));
		else
			await this.#answer(viewer, got.message).catch((error: unknown) => {
				if ("id" in got.message) this.#fail(viewer, got.message.id, error);
				else console.error("message", got.message.t, error);
			});
	}

	closed(socket: WebSocket, code: number): void {
		const viewer = this.#viewers.get(socket);
		if (viewer) this.#forget(viewer);
		try {
			// Always answered: workerd does not in every setting.
			socket.close(replyCode(code), "");
		} catch {
			// Closed from both sides.
		}
	}

	alarm(): Promise<void> {
		return this.#agenda.run({
			[WATCH]: () => this.watch(),
			[OUTBOX]: () => this.#outbox.run(),
			[SETTLE]: (id) => this.#interventions.settle(id),
			[PROOF]: (id) => this.#proofs.due(id),
		});
	}

	/** Puts out who may no longer stay: expired, blocked, no longer an admin (SEC-2). */
	async watch(): Promise<void> {
		if (this.#viewers.size > 0) this.#agenda.set(WATCH, this.#options.clock() + WATCH_MS);
		for (const viewer of [...this.#viewers.values()]) await this.#mayStay(viewer, WATCH_MS);
	}

	async #answer(viewer: Viewer, message: Up): Promise<void> {
		if (message.t === "ping") {
			this.#send(viewer, { t: "answer", id: message.id, ok: true, value: this.#requests.pong() });
			if (!viewer.greeted) this.#presence.askHello(viewer);
		} else if (message.t === "hello") {
			const refusal = await this.#greeting.hello(viewer, message);
			if (refusal) this.#dismiss(viewer, refusal.code, refusal.reason);
		} else if (message.t === "credit") {
			viewer.credit = Math.min(LIMITS.windowBytes, viewer.credit + message.bytes);
			this.#pump.run(viewer);
		} else if (!viewer.greeted) {
			this.#presence.askHello(viewer);
			throw new Refused("say_hello", "The session does not know this page yet. Nothing was done.");
		} else {
			const value = await this.#requests.handle(viewer, message).catch((error: unknown) => {
				if (error instanceof Refused && (message.t === "propose" || message.t === "follow"))
					this.#access.refusedRequest(viewer.admin, message, error.failure);
				throw error;
			});
			this.#send(viewer, { t: "answer", id: message.id, ok: true, value });
		}
	}

	/** True when this viewer's identity and rights hold; else it is put out. */
	async #mayStay(viewer: Viewer, maxAge?: number): Promise<boolean> {
		const { clock } = this.#options;
		if (viewer.state.expiresAt <= clock()) {
			this.#dismiss(viewer, CLOSE.identityExpired, "Your sign-in has expired. Sign in again.");
			return false;
		}
		const may =
			this.#rights.known(viewer.admin.id, maxAge) ?? (await this.#rights.check(viewer.admin.id, maxAge));
		if (!this.#viewers.has(viewer.socket)) return false;
		if (may.ok) return true;
		this.#dismiss(
			viewer,
			may.code === "directory_unavailable" ? CLOSE.unavailable : CLOSE.forbidden,
			may.message,
		);
		return false;
	}

	/** Feeds do not outlive an eviction, sockets do: each viewer is asked where it is, and nobody looks at a dead page (SESSION-6). */
	#wake(): void {
		for (const socket of this.#options.ctx.getWebSockets(TAG)) {
			const viewer = new Viewer(socket, socket.deserializeAttachment() as Attachment);
			this.#viewers.set(socket, viewer);
			this.#presence.askHello(viewer);
		}
		this.#access.leftUnseen([...this.#viewers.values()].flatMap(({ state }) => state.opened?.access ?? []));
		if (this.#proofs.pending > 0) this.#feeds.hold(TOWN_FEED, FOR_PROOFS, null);
	}

	#restarted(feed: Feed): void {
		for (const viewer of this.#viewers.values()) {
			const reader = viewer.readers.get(feed.name);
			if (reader) reader.proven = false;
			this.#pump.run(viewer);
		}
		if (feed.name === TOWN_FEED && this.#proofs.pending > 0)
			this.#proofs.lookUp().catch((error: unknown) => console.error("proofs", error));
	}

	#feedsChanged(): void {
		this.#presence.changed();
		for (const viewer of this.#viewers.values()) this.#pump.run(viewer);
	}

	/** Newest only, no history promised (FEED-9): who has no credit left gets the next one. */
	#pulsed(text: string): void {
		this.#pulse = text;
		for (const viewer of this.#viewers.values()) if (viewer.greeted && viewer.credit > 0) viewer.send(text);
	}

	#appended(entry: LedgerEntry): void {
		this.#outbox.plan();
		this.#entries.push(entry);
		if (this.#entries.length > 1) return;
		queueMicrotask(() => {
			const entries = this.#entries;
			this.#entries = [];
			const text = JSON.stringify({ t: "intervention", entries } satisfies Down);
			for (const viewer of this.#viewers.values()) if (viewer.greeted) viewer.send(text);
		});
	}

	#fail(viewer: Viewer, id: string, error: unknown): void {
		if (!(error instanceof Refused)) console.error("request", error);
		const failure =
			error instanceof Refused
				? error.failure
				: { code: "internal", message: "Something went wrong in the console itself. It was logged." };
		this.#send(viewer, { t: "answer", id, ok: false, error: failure });
	}

	#send(viewer: Viewer, message: Down): void {
		viewer.send(JSON.stringify(message));
	}

	/** Closes a socket that may not stay, saying why. */
	#dismiss(viewer: Viewer, code: CloseCode, reason: string): void {
		this.#send(viewer, { t: "goodbye", code, reason });
		this.#forget(viewer);
		try {
			viewer.socket.close(code, closeReason(reason));
		} catch {
			// Closed from the other side.
		}
	}

	#forget(viewer: Viewer): void {
		if (!this.#viewers.delete(viewer.socket)) return;
		this.#presence.gone(viewer);
		this.#feeds.releaseAll(viewer.id);
		this.#access.left(viewer);
		this.#presence.changed();
	}
}
