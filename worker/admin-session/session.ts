import { CLOSE, type CloseCode, type Down, LIMITS, replyCode, type Up } from "../../shared/protocol/index.ts";
import { closeReason } from "../auth/closed-socket.ts";
import { logFailure } from "../log.ts";
import { LEFT } from "./access.ts";
import { Refused } from "./failure.ts";
import { read } from "./inbox.ts";
import { SETTLE } from "./ledger/doing.ts";
import { DUE } from "./ledger/interventions.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { OUTBOX } from "./ledger/outbox.ts";
import { PROOF } from "./ledger/proofs.ts";
import { REMEDY } from "./ledger/remedies.ts";
import { makeParts, type Parts, type SessionOptions } from "./parts.ts";
import { type Attachment, Viewer, type Viewers } from "./viewer.ts";

/** Entry of the agenda that looks after open sockets, and how often. */
const WATCH = "watch";
const WATCH_MS = 30_000;
/** A socket that has not said why it looks is closed after so long. */
const HELLO_MS = 60_000;
const TAG = "viewer";

/** One town's session: its sockets, what comes from them and who may stay. What is done with it is in its parts. */
export class AdminSession {
	readonly #options: SessionOptions;
	readonly #viewers: Viewers = new Map();
	readonly #parts: Parts;

	/** Takes up what an evicted instance left: sockets, entries without outcome, awaited proofs. */
	constructor(options: SessionOptions) {
		this.#options = options;
		this.#parts = makeParts(options, this.#viewers);
		this.#wake();
	}

	/** Answers the upgrade of a viewer's socket. */
	async open(request: Request): Promise<Response> {
		const { admission, agenda, meta, town } = this.#parts;
		// An alarm may come to an object that does not know its name.
		meta.set("town", town());
		const admitted = await admission.admit(town(), new URL(request.url).searchParams.get("ticket"));
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
			intention: null,
		});
		viewer.update({});
		this.#viewers.set(server, viewer);
		if (agenda.due(WATCH) === null) agenda.set(WATCH, this.#options.clock() + WATCH_MS);
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
		this.#parts.feeds.reopen();
		if (got.kind === "refuse") this.#fail(viewer, got.id, new Refused("bad_request", got.message));
		else
			await this.#answer(viewer, got.message).catch((error: unknown) => {
				if ("id" in got.message) this.#fail(viewer, got.message.id, error);
				else logFailure("message", { kind: got.message.t }, error);
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
		return this.#parts.agenda.run({
			[WATCH]: () => this.watch(),
			[LEFT]: (access) => this.#parts.access.isOver(access),
			[OUTBOX]: () => this.#parts.outbox.run(),
			[DUE]: (id) => this.#parts.interventions.due(id),
			[REMEDY]: (id) => this.#parts.remedies.run(id),
			[SETTLE]: (id) => this.#parts.doing.settle(id),
			[PROOF]: (id) => this.#parts.proofs.due(id),
		});
	}

	/** For reading (LEDGER-4). */
	get ledger(): Pick<Ledger, "after" | "storiesAfter"> {
		return this.#parts.ledger;
	}

	/** Where the ledger ends, and up to which row it has been copied as far as the outbox knows. */
	ledgerHead(): { n: number; hash: string; mirrored: number } {
		const { ledger, meta } = this.#parts;
		return { ...ledger.head(), mirrored: Number(meta.get("mirrored") ?? 0) };
	}

	async #answer(viewer: Viewer, message: Up): Promise<void> {
		if (message.t === "ping") {
			this.#send(viewer, { t: "answer", id: message.id, ok: true, value: this.#parts.requests.pong() });
			if (!viewer.greeted) this.#parts.presence.askHello(viewer);
		} else if (message.t === "hello") {
			const refusal = await this.#parts.greeting.hello(viewer, message);
			if (refusal) this.#dismiss(viewer, refusal.code, refusal.reason);
		} else if (message.t === "credit") {
			viewer.credit = Math.min(LIMITS.windowBytes, viewer.credit + message.bytes);
			this.#parts.pump.run(viewer);
		} else if (!viewer.greeted) {
			this.#parts.presence.askHello(viewer);
			throw new Refused("say_hello", "The session does not know this page yet. Nothing was done.");
		} else {
			const value = await this.#parts.requests.handle(viewer, message).catch((error: unknown) => {
				if (error instanceof Refused) this.#parts.access.refusedRequest(viewer.admin, message, error.failure);
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
			this.#parts.rights.known(viewer.admin.id, maxAge) ??
			(await this.#parts.rights.check(viewer.admin.id, maxAge));
		if (!this.#viewers.has(viewer.socket)) return false;
		if (may.ok) return true;
		if (may.admin) this.#parts.access.refused(viewer.admin, "stay", may.code, may.message);
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
			this.#parts.presence.askHello(viewer);
		}
		this.#parts.access.leftUnseen();
		this.#parts.proofs.resume();
	}

	/** Puts out who may no longer stay: expired, blocked, no longer an admin (SEC-2). */
	async watch(): Promise<void> {
		if (this.#viewers.size > 0) this.#parts.agenda.set(WATCH, this.#options.clock() + WATCH_MS);
		for (const viewer of [...this.#viewers.values()]) {
			if (!(await this.#mayStay(viewer, WATCH_MS))) continue;
			const waited = this.#options.clock() - viewer.state.since;
			// No page of ours: it would only use up a place.
			if (!viewer.state.opened && waited > HELLO_MS)
				this.#dismiss(viewer, CLOSE.badMessage, "No hello came within a minute.");
		}
	}

	#fail(viewer: Viewer, id: string, error: unknown): void {
		if (!(error instanceof Refused)) logFailure("asked", { id }, error);
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
		this.#parts.presence.gone(viewer);
		this.#parts.feeds.releaseAll(viewer.id);
		this.#parts.access.left(viewer);
		this.#parts.presence.changed();
	}
}
