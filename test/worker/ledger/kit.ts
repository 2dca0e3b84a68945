import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { LedgerRow } from "../../../shared/interventions/chain.ts";
import type { Answer, Down, LedgerEntry } from "../../../shared/protocol/index.ts";
import { Ledger } from "../../../worker/admin-session/ledger/ledger.ts";
import { Outbox } from "../../../worker/admin-session/ledger/outbox.ts";
import { Meta } from "../../../worker/admin-session/meta.ts";
import type { AdminSessionDO } from "../../../worker/admin-session-do.ts";
import { Agenda, type Sql, sqlOf } from "../../../worker/live-ops/index.ts";
import type { newTown } from "../session/console.ts";

export type Town = Awaited<ReturnType<typeof newTown>>;

/** The ledger without how the town was opened and left. */
export async function ledgerOf(town: Town): Promise<LedgerEntry[]> {
	return runInDurableObject(env.ADMIN_SESSION.getByName(town.id), (_, state) =>
		state.storage.sql
			.exec<Record<string, string>>("SELECT * FROM ledger WHERE step <> 'access' ORDER BY n")
			.toArray()
			.map((row) => ({
				...row,
				body: JSON.parse(row.body as string),
				admin: row.admin && JSON.parse(row.admin),
			})),
	) as unknown as LedgerEntry[];
}
export const steps = async (town: Town) => (await ledgerOf(town)).map(({ step }) => step);

export const proposal = (more: Record<string, unknown> = {}) => ({
	t: "propose",
	intervention: crypto.randomUUID(),
	name: "bead.priority",
	target: "bead-1",
	params: { priority: "high" },
	reason: "it is urgent",
	saw: { priority: "medium" },
	finding: null,
	...more,
});
export const priorityOf = async (town: Town) => (await town.row("beads", "bead-1")).priority;
export const value = (answer: Answer) =>
	(answer as { value?: unknown }).value as {
		receipt: { outcome: string; seq: number };
		entries: LedgerEntry[];
	};
export const isEntry = (step: string) => (message: Down) =>
	message.t === "intervention" && message.entries.some((entry) => entry.step === step);
export const later = (town: Town, ms: number) =>
	runInDurableObject(env.ADMIN_SESSION.getByName(town.id), (instance: AdminSessionDO) => {
		instance.clock = () => Date.now() + ms;
	});
export const alarm = (town: Town) => runDurableObjectAlarm(env.ADMIN_SESSION.getByName(town.id));

export type Kit = {
	ledger: Ledger;
	meta: Meta;
	sql: Sql;
	outbox: Outbox;
	agenda: Agenda;
	town: string;
	rows(): LedgerRow[];
	/** Moves the clock, which begins at 1,000. */
	at(ms: number): void;
};
type Of = { town?: string; name?: string; owner?: { owner_type: string; owner_id: string } };

/** A ledger on real storage, in an object of its own; D1 learns of its owner where one is given. */
export function withLedger(fn: (kit: Kit) => void | Promise<void>, of: Of = {}): Promise<void> {
	const id = env.BARE.newUniqueId();
	const town = of.town ?? `t-${id.toString().slice(0, 8)}`;
	const described = of.owner ? { id: town, name: of.name ?? town, ...of.owner } : null;
	return runInDurableObject(env.BARE.get(id), async (_, ctx) => {
		const sql = sqlOf(ctx.storage);
		let now = 1_000;
		const clock = () => now;
		const agenda = new Agenda(ctx, sql, clock);
		const ledger = new Ledger({ sql, clock, town: () => town, appended: () => {} });
		const meta = new Meta(sql);
		const outbox = new Outbox({
			...{ ledger, db: env.DB, town: () => town, meta, agenda, clock },
			describe: async () => described,
		});
		const at = (ms: number) => {
			now = ms;
		};
		await fn({ ledger, meta, sql, outbox, agenda, town, rows: () => ledger.after(0, 1_000), at });
	});
}
/** How long what is not safe can be cancelled; an instance that starts after a crash has the setting's 0 again. */
export const countdown = (town: Town, ms: number) =>
	runInDurableObject(env.ADMIN_SESSION.getByName(town.id), (instance: AdminSessionDO) => {
		instance.cancelMs = ms;
	});
/** A proposal that is not safe: nothing new is dispatched for an hour. */
export const pause = (town: Town, more: Record<string, unknown> = {}) =>
	proposal({
		name: "town.pause-dispatch",
		target: town.id,
		params: { hours: 1 },
		saw: { dispatch_pause: null },
		...more,
	});
export const isPaused = async (town: Town) =>
	(await town.stub.rows([{ entity: "town_state", key: "dispatch_pause" }]))[0]?.value != null;
