import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import type { Receipt } from "../../../shared/interventions/index.ts";
import type { LedgerEntry } from "../../../shared/protocol/index.ts";
import { Doing } from "../../../worker/admin-session/ledger/doing.ts";
import { Interventions } from "../../../worker/admin-session/ledger/interventions.ts";
import { Ledger } from "../../../worker/admin-session/ledger/ledger.ts";
import { PROOF, Proofs } from "../../../worker/admin-session/ledger/proofs.ts";
import { Agenda, type Sql, sqlOf } from "../../../worker/live-ops/index.ts";
import { createReceipts, findReceipt, writeReceipt } from "../../../worker/town/interventions/receipts.ts";

const NOW = 60_000;
const clock = () => NOW;

type Kit = {
	sql: Sql;
	agenda: Agenda;
	ledger: Ledger;
	wake(): { proofs: Proofs; interventions: Interventions };
};

/** The ledger's parts on real storage, made anew by `wake` as after an eviction. */
function withParts(fn: (kit: Kit) => void): Promise<void> {
	return runInDurableObject(env.BARE.get(env.BARE.newUniqueId()), (_, ctx) => {
		const sql = sqlOf(ctx.storage);
		const agenda = new Agenda(ctx, sql, clock);
		const ledger = new Ledger({ sql, clock, town: () => "t", appended: () => {} });
		const nobody = vi.fn(() => Promise.reject(new Error("nobody is asked")));
		const wake = () => {
			const proofs = new Proofs({
				...{ sql, agenda, ledger, clock, rows: nobody, seq: () => 9 },
				hold: () => {},
				release: () => {},
			});
			const town = () => ({
				...{ applyIntervention: nobody, settleIntervention: nobody, checkIntervention: nobody },
			});
			const doing = new Doing({ ledger, proofs, agenda, clock, sql, town });
			return {
				proofs,
				interventions: new Interventions({
					...{ ledger, doing, agenda, clock, sql, town, rights: { check: nobody } },
					seq: () => 9,
					cancelMs: () => 5_000,
				}),
			};
		};
		fn({ sql, agenda, ledger, wake });
	});
}

const RECEIPT: Receipt = {
	...{ id: "i-1", outcome: "applied", code: null, message: null, at: NOW, before: {}, after: {}, seq: 4 },
	effects: [{ label: "the door is shut", entity: "beads", key: "b", is: "gone", outside: false }],
	within: 10_000,
} as const;
const steps = (entries: LedgerEntry[]) => entries.map(({ step, body }) => [step, body.seen ?? null]);

test("LEDGER-8: a proof that another version waited for is told as not seen, once, and the session wakes", () =>
	withParts(({ sql, agenda, ledger, wake }) => {
		const { proofs } = wake();
		const { id: _, ...body } = RECEIPT;
		ledger.append({ id: "i-1", step: "outcome", admin: null, body });
		ledger.append({ id: "i-2", step: "outcome", admin: null, body });
		proofs.begin("i-1", RECEIPT, "finding");
		proofs.begin("i-2", RECEIPT, null);
		const error = vi.spyOn(console, "error").mockImplementation(() => {});
		sql.run(`UPDATE proofs SET data = '{"since": 1, "effects": []}' WHERE id = 'i-1'`);
		wake();
		wake();
		expect(steps(ledger.of("i-1"))).toEqual([
			["outcome", null],
			["proof", false],
		]);
		expect(ledger.of("i-1").at(-1)?.body).toMatchObject({ missing: ["the door is shut"], ms: 0 });
		expect(steps(ledger.of("i-2"))).toEqual([["outcome", null]]);
		expect([agenda.due(`${PROOF}:i-1`), agenda.due(`${PROOF}:i-2`)]).toEqual([null, NOW + 10_000]);
		expect(error).toHaveBeenCalledTimes(1);
	}));

test("LEDGER-2: a wake settles what is in the agenda at once, and reads no ledger for it", () =>
	withParts(({ sql, agenda, ledger, wake }) => {
		for (let n = 0; n < 20; n++) {
			ledger.append({ id: `i-${n}`, step: "intent", admin: null, body: {} });
			ledger.append({ id: `i-${n}`, step: "outcome", admin: null, body: { outcome: "applied" } });
		}
		ledger.append({ id: "i-20", step: "intent", admin: null, body: {} });
		agenda.set("settle:i-20", NOW + 15_000);
		agenda.set("settled", NOW + 15_000);
		const read = [vi.spyOn(sql, "all"), vi.spyOn(sql, "one")];
		wake();
		const texts = read.flatMap(({ mock }) => mock.calls.map(([text]) => text));
		expect(texts.filter((text) => text.includes("FROM ledger"))).toEqual([]);
		expect([agenda.due("settle:i-20"), agenda.due("settled")]).toEqual([NOW, NOW + 15_000]);
	}));

test("LEDGER-2: a receipt that another version wrote says what it can, and is never unheard of", () =>
	withParts(({ sql }) => {
		createReceipts(sql);
		writeReceipt(sql, RECEIPT);
		expect(findReceipt(sql, "i-1")).toEqual(RECEIPT);
		const older = (id: string, body: object) =>
			sql.run("INSERT INTO receipts (id, at, body) VALUES (?, 7, ?)", id, JSON.stringify(body));
		older("i-2", { id: "i-2", outcome: "applied", code: null, message: null, effects: ["closed"] });
		older("i-3", { result: "done" });
		expect(findReceipt(sql, "i-2")).toMatchObject({ id: "i-2", outcome: "applied", at: 7, effects: [] });
		expect(findReceipt(sql, "i-3")).toMatchObject({
			...{ id: "i-3", outcome: "refused", code: "other-version" },
			message: expect.stringContaining("another version"),
		});
		expect(findReceipt(sql, "i-4")).toBeNull();
	}));
