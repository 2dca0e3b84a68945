import { DurableObject } from "cloudflare:workers";
import type { LedgerRow } from "../shared/interventions/chain.ts";
import { LINGER_MS } from "./admin-session/feeds.ts";
import { AdminSession } from "./admin-session/session.ts";
import type { SessionRpc } from "./rpc.ts";

/** Where the setting says nothing. */
const CANCEL_MS = 5_000;

/** The session of one town, named by the town's id: everybody who watches it (SESSION-1). */
export class AdminSessionDO extends DurableObject<Env> implements SessionRpc {
	/** Epoch milliseconds; tests move it. */
	clock: () => number = Date.now;
	/** How long a feed outlives its last follower, milliseconds; tests make it small. */
	lingerMs = LINGER_MS;
	/** How long what is not safe can be cancelled, milliseconds (LEDGER-7); tests set it. */
	cancelMs = CANCEL_MS;
	readonly #session: AdminSession;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		const cancelMs = Number.parseInt(env.CANCEL_MS, 10);
		if (cancelMs >= 0) this.cancelMs = cancelMs;
		this.#session = new AdminSession({
			ctx,
			env,
			clock: () => this.clock(),
			random: Math.random,
			lingerMs: () => this.lingerMs,
			cancelMs: () => this.cancelMs,
		});
	}

	override fetch(request: Request): Promise<Response> {
		return this.#session.open(request);
	}

	async ledgerHead(): Promise<{ n: number; hash: string; mirrored: number }> {
		return this.#session.ledgerHead();
	}

	async ledgerRows(n: number, limit: number): Promise<LedgerRow[]> {
		return this.#session.ledger.after(n, limit);
	}

	async ledgerStories(n: number, limit: number): Promise<{ rows: LedgerRow[]; last: number | null }> {
		return this.#session.ledger.storiesAfter(n, limit);
	}

	override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
		return this.#session.message(socket, message);
	}

	override webSocketClose(socket: WebSocket, code: number): void {
		this.#session.closed(socket, code);
	}

	override webSocketError(socket: WebSocket): void {
		this.#session.closed(socket, 1011);
	}

	override alarm(): Promise<void> {
		return this.#session.alarm();
	}
}
