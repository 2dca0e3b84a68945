import { DurableObject } from "cloudflare:workers";
import * as beads from "./beads.ts";

/** A town of somebody else: it has its own alarm, routes, sockets and auto-response, and nothing of Townwatch. */
export class ForeignTownDO extends DurableObject {
	readonly sql: SqlStorage;

	constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
		super(ctx, env);
		this.sql = ctx.storage.sql;
		ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("are you there", "yes"));
		void ctx.blockConcurrencyWhile(async () => {
			beads.createTables(this.sql);
		});
	}

	async create(name: string, owner: string): Promise<void> {
		await this.ctx.storage.put({
			"town:id": name,
			"town:config": {
				owner_user_id: owner,
				kilocode_token: "kilo-3f9a1c77d2e84b6f9a01",
				default_model: "m",
			},
		});
		await this.ctx.storage.setAlarm(Date.now() + 3_600_000);
	}

	async createBead(bead: { id: string; title: string; body?: string }): Promise<void> {
		beads.createBead(this.sql, bead);
	}

	async createAgent(id: string, identity: string): Promise<void> {
		beads.createAgent(this.sql, id, identity);
	}

	async sling(agent: string, bead: string): Promise<void> {
		beads.hookBead(this.sql, agent, bead);
		beads.updateBeadStatus(this.sql, bead, "in_progress");
	}

	async closeBead(id: string): Promise<void> {
		beads.updateBeadStatus(this.sql, id, "closed");
	}

	async replaceRig(id: string, name: string): Promise<void> {
		this.sql.exec(
			"INSERT OR REPLACE INTO rigs (id, name, config, created_at) VALUES (?, ?, '{}', '2026-01-01')",
			...[id, name],
		);
	}

	/** Half of it is undone by an error, as when a check fails late. */
	async failsLate(id: string): Promise<string> {
		try {
			return this.ctx.storage.transactionSync(() => {
				beads.updateBeadStatus(this.sql, id, "failed");
				throw new Error("failed late");
			});
		} catch (error) {
			return String(error);
		}
	}

	async drain(nonce: string | null): Promise<void> {
		if (nonce === null) await this.ctx.storage.delete("town:draining");
		else await this.ctx.storage.put("town:draining", nonce);
	}

	/** What Gastown did to drop its CHECK constraints: the table is made anew under the same name. */
	async rebuildRigs(): Promise<void> {
		this.sql.exec("CREATE TABLE rigs_new AS SELECT * FROM rigs");
		this.sql.exec("DROP TABLE rigs");
		this.sql.exec("ALTER TABLE rigs_new RENAME TO rigs");
		this.sql.exec("UPDATE rigs SET default_branch = 'trunk'");
	}

	async destroy(): Promise<void> {
		await this.ctx.storage.deleteAlarm();
		await this.ctx.storage.deleteAll();
	}

	/** Any SQL, for the kit and the tests. */
	async exec(...statements: [sql: string, ...bindings: (string | number | null)[]][]): Promise<unknown[]> {
		return statements.map(([sql, ...bindings]) => this.sql.exec(sql, ...bindings).toArray());
	}

	async lookNow(): Promise<void> {
		await this.ctx.storage.setAlarm(Date.now());
	}

	async alarmAt(): Promise<number | null> {
		return this.ctx.storage.getAlarm();
	}

	override async fetch(request: Request): Promise<Response> {
		if (!new URL(request.url).pathname.endsWith("/status/ws")) return new Response("theirs", { status: 418 });
		const { 0: client, 1: server } = new WebSocketPair();
		this.ctx.acceptWebSocket(server, ["status"]);
		server.send(JSON.stringify({ beads: this.#open() }));
		return new Response(null, { status: 101, webSocket: client });
	}

	override async webSocketMessage(socket: WebSocket, message: string): Promise<void> {
		socket.send(`echo ${message}`);
	}

	override async webSocketClose(socket: WebSocket): Promise<void> {
		socket.close(1000, "");
	}

	/** Its reconciler: fails what was never taken up, tells whoever watches its status, comes again in an hour. */
	override async alarm(): Promise<void> {
		this.sql.exec("UPDATE beads SET status = 'failed' WHERE type = 'issue' AND status = 'open'");
		for (const socket of this.ctx.getWebSockets()) socket.send(JSON.stringify({ beads: this.#open() }));
		await this.ctx.storage.setAlarm(Date.now() + 3_600_000);
	}

	#open(): number {
		return this.sql.exec<{ n: number }>("SELECT count(*) AS n FROM beads WHERE status = 'open'").one().n;
	}
}
