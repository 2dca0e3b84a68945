import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import type { LedgerCheck } from "../../../shared/ledger/check.ts";
import { checkLedger } from "../../../worker/ledger/check.ts";
import { seedDirectory } from "../support/directory.ts";
import { type Kit, withLedger } from "./kit.ts";

const ADMIN = { id: "user/ada", email: "ada@example.test", name: "Ada" };
/** More than one page of each read. */
const MANY = 230;

beforeAll(seedDirectory);

const step = (n: number) => ({
	...{ id: `id-${n}`, step: "access" as const, admin: ADMIN },
	body: { case: `case ${n}`, event: "opened", seconds: null },
});
const fill = ({ ledger }: Kit, count: number) => {
	for (let n = 1; n <= count; n++) ledger.append(step(n));
};

/** The check of a ledger whose town has done nothing: receipts are another test's. */
const check = ({ ledger, town, meta }: Kit, db: D1Database = env.DB): Promise<LedgerCheck> =>
	checkLedger({
		...{ town, db, now: 0 },
		session: {
			ledgerHead: async () => ({ ...ledger.head(), mirrored: Number(meta.get("mirrored") ?? 0) }),
			ledgerRows: async (n, limit) => ledger.after(n, limit),
			ledgerStories: async (n, limit) => ledger.storiesAfter(n, limit),
		},
		townStub: {
			describe: async () => ({ id: town, name: "Test", owner_type: "user", owner_id: "u" }),
			receipts: async () => [],
		},
	});
/** `part: result`, and where the fault is. */
const told = ({ parts }: LedgerCheck) =>
	parts
		.filter(({ result }) => result !== "ok")
		.map(({ part, result, n }) => `${part} ${result}${n === null ? "" : ` at ${n}`}`);

type Trigger = { name: string; sql: string };
const TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger%'";

/** In the session's storage, by somebody who first takes the guards away. */
function forge({ sql }: Kit, ...statements: string[]): void {
	for (const { name } of sql.all<Trigger>(TRIGGERS)) sql.run(`DROP TRIGGER ${name}`);
	for (const statement of statements) sql.run(statement);
}

/** The same in D1, where other towns' guards stand again afterwards. */
async function forgeMirror({ town }: Kit, ...statements: string[]): Promise<void> {
	const { results } = await env.DB.prepare(TRIGGERS).all<Trigger>();
	await env.DB.batch(results.map(({ name }) => env.DB.prepare(`DROP TRIGGER ${name}`)));
	for (const statement of statements) await env.DB.prepare(statement.replaceAll("$town", `'${town}'`)).run();
	await env.DB.batch(results.map(({ sql }) => env.DB.prepare(sql)));
}

test("LEDGER-4: an untouched ledger, its mirror, head and search agree; what is not copied yet is said", () =>
	withLedger(async (kit) => {
		expect(await check(kit)).toMatchObject({ result: "ok", head: null });
		fill(kit, MANY);
		expect(told(await check(kit))).toEqual([]);
		await kit.outbox.run();
		kit.ledger.append(step(MANY + 1));
		const found = await check(kit);
		expect(found).toMatchObject({ result: "ok", head: { n: MANY + 1, hash: kit.ledger.head().hash } });
		expect(found.parts.map(({ message }) => message)).toEqual([
			`Entries 1 to ${MANY + 1} are whole.`,
			"1 not copied yet.",
			`The copy's head is entry ${MANY}.`,
			"The search tells every copied entry.",
			"Receipts of the town with their entries: 0.",
		]);
	}));

test.each<[string, string[], string[]]>([
	["changes an entry", ["UPDATE ledger SET body = '{}' WHERE n = 4"], ["chain fault at 4"]],
	[
		"changes who did it",
		[`UPDATE ledger SET admin = replace(admin, 'ada', 'bob') WHERE n = 205`],
		["chain fault at 205"],
	],
	["changes the time", ["UPDATE ledger SET at = at + 1 WHERE n = 4"], ["chain fault at 4"]],
	[
		"drops an entry",
		["DELETE FROM ledger WHERE n = 4"],
		["chain fault at 4", "mirror fault at 4", "heads fault at 230"],
	],
	[
		"drops one and closes the gap",
		["DELETE FROM ledger WHERE n = 4", "UPDATE ledger SET n = n - 1 WHERE n > 4"],
		["chain fault at 4", "mirror fault at 4", "heads fault at 230"],
	],
	[
		"swaps two",
		[
			[3, 999],
			[4, 3],
			[999, 4],
		].map(([from, to]) => `UPDATE ledger SET n = ${to} WHERE n = ${from}`),
		["chain fault at 3", "mirror fault at 3"],
	],
	[
		"replaces one under its own hash",
		["UPDATE ledger SET hash = 'x', body = '{}' WHERE n = 4"],
		["chain fault at 4", "mirror fault at 4"],
	],
	["cuts the tail", ["DELETE FROM ledger WHERE n > 200"], ["mirror fault at 201", "heads fault at 201"]],
	["drops all of it", ["DELETE FROM ledger"], ["mirror fault at 1", "heads fault at 1"]],
])("LEDGER-4: who drops the session's guards and %s is found", (_, statements, faults) =>
	withLedger(async (kit) => {
		fill(kit, MANY);
		await kit.outbox.run();
		forge(kit, ...statements);
		const found = await check(kit);
		expect([found.result, told(found)]).toEqual(["fault", faults]);
	}),
);

test("LEDGER-4: a tail written anew with right hashes is found by the mirror", () =>
	withLedger(async (kit) => {
		fill(kit, 5);
		await kit.outbox.run();
		forge(kit, "DELETE FROM ledger WHERE n > 3");
		for (let n = 6; n <= 8; n++) kit.ledger.append(step(n));
		expect(told(await check(kit))).toEqual(["mirror fault at 4", "heads fault at 5"]);
	}));

test.each<[string, string[], string[]]>([
	[
		"changes an entry",
		["UPDATE ledger SET at = at + 1 WHERE town = $town AND n = 4"],
		["mirror fault at 4", "search fault at 4"],
	],
	[
		"drops an entry",
		["DELETE FROM ledger WHERE town = $town AND n = 4"],
		["mirror fault at 4", "heads fault at 230", "search fault at 4"],
	],
	[
		"cuts the tail",
		["DELETE FROM ledger WHERE town = $town AND n > 200"],
		["mirror fault at 201", "heads fault at 201", "search fault at 201"],
	],
	[
		"cuts the tail, its head and its stories",
		[
			"DELETE FROM ledger WHERE town = $town AND n > 200",
			"DELETE FROM ledger_stories WHERE town = $town AND n > 200",
			"UPDATE ledger_heads SET n = 200, hash = (SELECT hash FROM ledger WHERE town = $town AND n = 200) WHERE town = $town",
		],
		["mirror fault at 201"],
	],
	["drops the head", ["DELETE FROM ledger_heads WHERE town = $town"], ["heads fault at 230"]],
	["changes the head", ["UPDATE ledger_heads SET hash = 'x' WHERE town = $town"], ["heads fault at 230"]],
	[
		"drops all of it",
		["DELETE FROM ledger WHERE town = $town", "DELETE FROM ledger_heads WHERE town = $town"],
		["mirror fault at 1", "heads fault at 230", "search fault at 1"],
	],
	[
		"hides one from the search",
		["DELETE FROM ledger_stories WHERE town = $town AND n = 7"],
		["search fault at 7"],
	],
	[
		"gives one to somebody else in the search",
		["UPDATE ledger_stories SET admin_id = 'bo' WHERE town = $town AND n = 7"],
		["search fault at 7"],
	],
	[
		"gives one another outcome in the search",
		["UPDATE ledger_stories SET outcome = 'refused' WHERE town = $town AND n = 7"],
		["search fault at 7"],
	],
	[
		"takes its words from the search",
		["UPDATE ledger_stories SET words = '' WHERE town = $town AND n = 7"],
		["search fault at 7"],
	],
	[
		"adds one to the search",
		[
			"INSERT INTO ledger_stories SELECT town, 'x', 300, at, '', '', '', '', '', '', '', '' FROM ledger_stories WHERE town = $town AND n = 7",
		],
		["search fault at 300"],
	],
])("LEDGER-4: who drops the guards of D1 and %s is found", (_, statements, faults) =>
	withLedger(async (kit) => {
		fill(kit, MANY);
		await kit.outbox.run();
		await forgeMirror(kit, ...statements);
		const found = await check(kit);
		expect([found.result, told(found)]).toEqual(["fault", faults]);
	}),
);

test.each([
	["a story that is deleted", "DELETE FROM ledger_stories WHERE town = ?1"],
	["a story that becomes somebody else's", "UPDATE ledger_stories SET admin_id = 'bo' WHERE town = ?1"],
	[
		"a story without its row",
		"INSERT INTO ledger_stories SELECT town, 'x', n, at, '', '', '', '', '', '', '', '' FROM ledger_stories WHERE town = ?1",
	],
])("LEDGER-4: the mirror refuses %s", (_, statement) =>
	withLedger(async (kit) => {
		fill(kit, 2);
		await kit.outbox.run();
		await expect(env.DB.prepare(statement).bind(kit.town).run()).rejects.toThrow("ledger:");
		expect((await check(kit)).result).toBe("ok");
	}),
);

test("LEDGER-4: a read that fails is never ok: each part says what could not be read", () =>
	withLedger(async (kit) => {
		fill(kit, 3);
		await kit.outbox.run();
		const down = { prepare: () => ({ bind: () => ({ all: fails, first: fails }) }) };
		const noD1 = await check(kit, down as unknown as D1Database);
		expect([noD1.result, told(noD1)]).toEqual(["unread", ["mirror unread", "heads unread", "search unread"]]);
		const nobody = await checkLedger({
			...{ town: kit.town, db: env.DB, now: 0 },
			session: { ledgerHead: fails, ledgerRows: fails, ledgerStories: fails },
			townStub: { describe: fails, receipts: fails },
		});
		expect([nobody.result, nobody.head, told(nobody)]).toEqual([
			"unread",
			null,
			["chain unread", "mirror unread", "heads unread", "receipts unread"],
		]);
	}));

const fails = () => Promise.reject(new Error("down"));

test("LEDGER-4: what goes on while it is checked is no fault", () =>
	withLedger(async (kit) => {
		fill(kit, 3);
		await kit.outbox.run();
		let reads = 0;
		const found = await checkLedger({
			...{ town: kit.town, db: env.DB, now: 0 },
			session: {
				ledgerHead: async () => ({ ...kit.ledger.head(), mirrored: 3 }),
				ledgerStories: async () => ({ rows: [], last: null }),
				ledgerRows: async (n, limit) => {
					if (reads++ === 0) kit.ledger.append(step(4));
					return kit.ledger.after(n, limit);
				},
			},
			townStub: {
				describe: async () => {
					await kit.outbox.run();
					return { id: kit.town, name: "", owner_type: "user", owner_id: "u" };
				},
				receipts: async () => [],
			},
		});
		expect(told(found)).toEqual([]);
		expect(found.head?.n).toBe(4);
	}));
