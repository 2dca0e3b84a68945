import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import {
	compareHeads,
	genesisText,
	type LedgerRow,
	verifyChain,
} from "../../../shared/interventions/chain.ts";
import { type Ledger, sha256 } from "../../../worker/admin-session/ledger/ledger.ts";
import { OUTBOX, Outbox } from "../../../worker/admin-session/ledger/outbox.ts";
import { Meta } from "../../../worker/admin-session/meta.ts";
import { seedDirectory } from "../support/directory.ts";
import { withLedger } from "./kit.ts";

beforeAll(seedDirectory);

const ADMIN = { id: "user/ada", email: "ada@example.test", name: "Ada" };

const entry = (n: number) => ({
	id: `id-${n}`,
	step: "access" as const,
	admin: n % 2 ? ADMIN : null,
	body: { case: "é “quoted” \n", n, nested: { b: 1, a: [null, true] } },
});

const fill = (ledger: Ledger, count: number) => {
	for (let n = 1; n <= count; n++) ledger.append(entry(n));
};

test("LEDGER-3: rows link by the hash of the stored text, from a beginning of the town's own", () =>
	withLedger(async ({ ledger, rows, town }) => {
		fill(ledger, 5);
		expect(rows()[0]?.prev_hash).toBe(sha256(genesisText(town)));
		expect(await verifyChain(town, rows(), sha256)).toEqual({ ok: true, n: 5, hash: rows()[4]?.hash });
		expect(await verifyChain("another", rows(), sha256)).toEqual({ ok: false, n: 1, fault: "link" });
		const [, , third, fourth] = rows();
		expect(await verifyChain(town, [fourth as LedgerRow], sha256, third)).toMatchObject({ ok: true, n: 4 });
	}));

test("LEDGER-3: what travels can be verified as what is stored", () =>
	withLedger(async ({ ledger, town }) => {
		fill(ledger, 4);
		const travelled = ledger
			.before(null, 10)
			.rows.reverse()
			.map((row) => ({
				...row,
				admin: row.admin && JSON.stringify(row.admin),
				body: JSON.stringify(row.body),
			}));
		expect(await verifyChain(town, travelled, sha256)).toMatchObject({ ok: true, n: 4 });
	}));

test.each([
	["changed", (rows: LedgerRow[]) => rows.with(2, { ...(rows[2] as LedgerRow), body: "{}" }), 3, "hash"],
	["taken out", (rows: LedgerRow[]) => rows.toSpliced(2, 1), 3, "missing"],
	[
		"put in another order",
		(rows: LedgerRow[]) => [rows[1], rows[0], ...rows.slice(2)] as LedgerRow[],
		1,
		"missing",
	],
	[
		"changed with its own hash",
		(rows: LedgerRow[]) => rows.with(2, { ...(rows[2] as LedgerRow), hash: sha256("other") }),
		3,
		"hash",
	],
])("LEDGER-3: a row %s is found", (_, tamper, n, fault) =>
	withLedger(async ({ ledger, rows, town }) => {
		fill(ledger, 5);
		expect(await verifyChain(town, tamper(rows()), sha256)).toEqual({ ok: false, n, fault });
	}),
);

test.each([
	["UPDATE", "UPDATE ledger SET body = '{}' WHERE n = 2", "never changed"],
	["DELETE", "DELETE FROM ledger WHERE n = 3", "never deleted"],
	["a replaced row", "INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE n = 2", "not the next"],
	[
		"a row that pushes another out by its prev_hash",
		"INSERT OR REPLACE INTO ledger SELECT 4, id, step, at, admin, body, prev_hash, hash FROM ledger WHERE n = 2",
		"not the next",
	],
	[
		"a hole",
		"INSERT INTO ledger SELECT 9, id, step, at, admin, body, hash, 'x' FROM ledger WHERE n = 3",
		"not the next",
	],
	[
		"a row without its link",
		"INSERT INTO ledger SELECT 4, id, step, at, admin, body, 'other', 'x' FROM ledger WHERE n = 3",
		"not the next",
	],
])("LEDGER-3: storage itself refuses %s", (_, statement, words) =>
	withLedger(({ ledger, sql, rows }) => {
		fill(ledger, 3);
		const before = rows();
		expect(() => sql.run(statement)).toThrow(words);
		expect(rows()).toEqual(before);
	}),
);

test("LEDGER-13: the mirror has the same rows and the head, however often it is copied", () =>
	withLedger(async ({ ledger, outbox, rows, town }) => {
		fill(ledger, 120);
		await outbox.run();
		await outbox.run();
		fill(ledger, 3);
		await outbox.run();
		const { results } = await env.DB.prepare("SELECT * FROM ledger WHERE town = ? ORDER BY n")
			.bind(town)
			.all();
		expect(results).toEqual(rows().map((row) => ({ town, ...row })));
		const head = await env.DB.prepare("SELECT n, hash FROM ledger_heads WHERE town = ?").bind(town).first();
		expect(head).toEqual(ledger.head());
	}));

test("LEDGER-13: a crash between the copy and the cursor copies nothing twice", () =>
	withLedger(async ({ ledger, outbox, sql, rows, town }) => {
		fill(ledger, 10);
		await outbox.run();
		sql.run("DELETE FROM meta WHERE key = 'mirrored'");
		fill(ledger, 2);
		await outbox.run();
		const count = await env.DB.prepare("SELECT COUNT(*) AS n FROM ledger WHERE town = ?")
			.bind(town)
			.first("n");
		expect(count).toBe(rows().length);
	}));

test.each([
	["UPDATE", "UPDATE ledger SET body = '{}' WHERE town = ?1 AND n = 1"],
	["DELETE", "DELETE FROM ledger WHERE town = ?1 AND n = 1"],
	["a replaced row", "INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE town = ?1 AND n = 1"],
	[
		"a hole",
		"INSERT INTO ledger SELECT town, 9, id, step, at, admin, body, hash, 'x' FROM ledger WHERE town = ?1 AND n = 2",
	],
	[
		"a row without its link",
		"INSERT INTO ledger SELECT town, 3, id, step, at, admin, body, 'other', 'x' FROM ledger WHERE town = ?1 AND n = 2",
	],
	["a head that goes back", "UPDATE ledger_heads SET n = 1 WHERE town = ?1"],
	[
		"a head that is replaced by an earlier one",
		"INSERT OR REPLACE INTO ledger_heads SELECT town, 1, hash, at FROM ledger_heads WHERE town = ?1",
	],
	["a head of the same place with another hash", "UPDATE ledger_heads SET hash = 'x' WHERE town = ?1"],
	[
		"a head that is replaced by one of the same place with another hash",
		"INSERT OR REPLACE INTO ledger_heads SELECT town, n, 'x', at FROM ledger_heads WHERE town = ?1",
	],
	["a head that becomes another town's", "UPDATE ledger_heads SET town = 'other' WHERE town = ?1"],
	["a head that is deleted", "DELETE FROM ledger_heads WHERE town = ?1"],
])("LEDGER-13: the mirror refuses %s", (_, statement) =>
	withLedger(async ({ ledger, outbox, town }) => {
		fill(ledger, 2);
		await outbox.run();
		await expect(env.DB.prepare(statement).bind(town).run()).rejects.toThrow("ledger:");
	}),
);

test("LEDGER-13: the mirror's head shows a ledger whose tail was cut, and one that was written anew", async () => {
	let mirrored = { n: 0, hash: "" };
	await withLedger(async ({ ledger, rows }) => {
		fill(ledger, 5);
		mirrored = ledger.head();
		const at = (n: number) => rows()[n - 1];
		expect(compareHeads(ledger.head(), mirrored, at)).toEqual({ ok: true, unmirrored: 0 });
		expect(compareHeads({ n: 3, hash: rows()[2]?.hash ?? "" }, mirrored, at)).toMatchObject({ fault: "cut" });
		expect(compareHeads(ledger.head(), null, at)).toEqual({ ok: true, unmirrored: 5 });
	});
	await withLedger(({ ledger, rows }) => {
		fill(ledger, 7);
		expect(compareHeads(ledger.head(), mirrored, (n) => rows()[n - 1])).toMatchObject({ fault: "differs" });
	});
});

test("LEDGER-13: a mirror with other rows is never written over", () =>
	withLedger(async ({ ledger, outbox, town }) => {
		await env.DB.prepare("INSERT INTO ledger_heads (town, n, hash, at) VALUES (?, 1, 'other', 0)")
			.bind(town)
			.run();
		fill(ledger, 3);
		await expect(outbox.run()).rejects.toThrow("another hash");
	}));

test("LEDGER-13: new rows plan a copy, and D1 that is down is asked again", () =>
	withLedger(async ({ ledger, agenda, sql, town }) => {
		const down = {
			prepare: () => ({ bind: () => ({ first: () => Promise.reject(new Error("D1 is down")) }) }),
		};
		const outbox = new Outbox({
			ledger,
			db: down as unknown as D1Database,
			town: () => town,
			meta: new Meta(sql),
			agenda,
			clock: () => 1_000,
			describe: async () => null,
		});
		fill(ledger, 1);
		outbox.plan();
		expect(agenda.due(OUTBOX)).toBe(2_000);
		await expect(outbox.run()).rejects.toThrow("D1 is down");
		expect(ledger.head().n).toBe(1);
	}));
