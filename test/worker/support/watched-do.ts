import { DurableObject } from "cloudflare:workers";
import { z } from "zod";
import {
	integer,
	integerOrNull,
	json,
	realOrNull,
	secret,
	table,
	text,
	textOrNull,
} from "../../../shared/gastown/table.ts";
import type { Cause } from "../../../shared/protocol/index.ts";
import { Agenda } from "../../../worker/live-ops/agenda.ts";
import { LiveOps } from "../../../worker/live-ops/live-ops.ts";
import { sqlOf } from "../../../worker/live-ops/sql.ts";

export const things = table(
	"things",
	"state",
	["id"],
	{
		id: text(),
		title: textOrNull(),
		count: integer({ default: "0" }),
		ratio: realOrNull(),
		data: json(z.unknown()),
		token: secret(),
	},
	["count", "title, count"],
);
const pairs = table("pairs", "state", ["a", "b"], { a: text(), b: integer(), note: textOrNull() });
const notes = table("notes", "journal", ["id"], {
	id: integer(),
	thing: textOrNull(),
	body: textOrNull(),
	at: integerOrNull(),
});
const items = table("items", "state", ["id"], { id: text(), name: textOrNull() }, ["unique name"]);
const remarks = table("remarks", "journal", ["id"], { id: text(), body: textOrNull() });
export const WATCHED_TABLES = { things, pairs, notes, items, remarks };

export const because = (what: string): Cause => ({ kind: "test", what, id: null, by: null });

/** A Durable Object of the tests' own: live-ops and nothing else. */
export class WatchedDO extends DurableObject<Env> {
	readonly live: LiveOps;
	readonly agenda: Agenda;
	alarms = 0;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.agenda = new Agenda(ctx, sqlOf(ctx.storage), Date.now);
		this.live = new LiveOps({
			ctx,
			tables: WATCHED_TABLES,
			clock: Date.now,
			random: () => crypto.randomUUID(),
		});
	}

	/** Adds one to a thing's count, making it where there is none. */
	bump(id: string): void {
		this.live.run(because("bump"), () =>
			this.live.sql.run(
				"INSERT INTO things (id, title) VALUES (?, 'new') ON CONFLICT (id) DO UPDATE SET count = count + 1",
				id,
			),
		);
	}

	override fetch(request: Request): Response {
		return this.live.fetch(request);
	}
	override webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): void {
		this.live.webSocketMessage(ws, message);
	}
	override webSocketClose(ws: WebSocket, code: number): void {
		this.live.webSocketClose(ws, code);
	}
	override webSocketError(ws: WebSocket): void {
		this.live.webSocketError(ws);
	}
	override async alarm(): Promise<void> {
		await this.agenda.run({
			count: () => {
				this.alarms += 1;
			},
		});
	}
}
