import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { foldLedger } from "../../../shared/ledger/fold.ts";
import type { LedgerFilter } from "../../../shared/ledger/search.ts";
import type { LedgerStep } from "../../../shared/protocol/index.ts";
import { directoryOf } from "../../../worker/directory/index.ts";
import { parseCursor, searchLedger, searchStatement } from "../../../worker/ledger/search.ts";
import { emptyDirectory } from "../support/directory.ts";
import { withLedger } from "./kit.ts";

const ADA = { id: "user/ada", email: "ada@example.test", name: "Ada" };
const MIRA = { id: "user/mira", email: "mira@example.test", name: "Mira Okafor" };
const HOUR = 3_600_000;
const START = Date.parse("2026-11-22T12:00:00Z");

const ids = async (filter: LedgerFilter) => {
	const { stories } = await searchLedger(env.DB, directoryOf(env), filter, null, 50);
	return stories.map(({ entries }) => entries[0]?.id);
};

beforeAll(async () => {
	await emptyDirectory();
	await env.DB.batch([
		env.DB.prepare("INSERT INTO organizations VALUES ('org/north', 'Northwind')"),
		env.DB.prepare("INSERT INTO organization_memberships VALUES ('user/bo', 'org/north', 'member')"),
	]);
	await withLedger(
		async ({ ledger, outbox, at }) => {
			const intent = (
				id: string,
				name: string,
				target: string,
				target_name: string,
				reason = "it is urgent",
			) =>
				ledger.append({
					id,
					step: "intent",
					admin: ADA,
					body: { name, target, target_name, reason, case: "" },
				});
			at(START);
			intent("reset", "agent.reset", "agent/toast", "Toast", "Ödön said: 50% done");
			ledger.append({
				...{ id: "reset", step: "outcome", admin: ADA },
				body: { outcome: "applied", message: null },
			});
			ledger.append({ id: "reset", step: "proof", admin: null, body: { seen: true } });
			at(START + HOUR);
			intent("close", "bead.close", "bead-1", "Fix the door");
			ledger.append({
				...{ id: "close", step: "outcome", admin: ADA },
				body: { outcome: "refused", message: "Status open → closed, after you looked." },
			});
			at(START + 2 * HOUR);
			ledger.append({ id: "visit", step: "access", admin: MIRA, body: { case: "case 9", event: "opened" } });
			await outbox.run();
		},
		{ town: "t-search", owner: { owner_type: "user", owner_id: "user/cleo" }, name: "Harbor Lights" },
	);
	await withLedger(
		async ({ ledger, outbox, at }) => {
			at(START + 3 * HOUR);
			ledger.append({
				...{ id: "pause", step: "intent", admin: MIRA },
				body: { name: "town.pause-dispatch", target: "t-other", target_name: "Quiet Mill", reason: "quiet" },
			});
			await outbox.run();
		},
		{ town: "t-other", owner: { owner_type: "org", owner_id: "org/north" }, name: "Quiet Mill" },
	);
});

test.each<[string, LedgerFilter, string[]]>([
	["nothing", {}, ["pause", "visit", "close", "reset"]],
	["admin by id", { admin: "user/ada" }, ["close", "reset"]],
	["admin by email, in any case", { admin: "MIRA@example.test" }, ["pause", "visit"]],
	["admin by name", { admin: "mira okafor" }, ["pause", "visit"]],
	["user by id", { user: "user/cleo" }, ["visit", "close", "reset"]],
	["user by email", { user: "Cleo@example.test" }, ["visit", "close", "reset"]],
	["user by an organisation's town", { user: "user/bo" }, ["pause"]],
	["user without towns", { user: "user/nobody" }, []],
	["town by id", { town: "t-other" }, ["pause"]],
	["town by name", { town: "harbor lights" }, ["visit", "close", "reset"]],
	["target by id", { target: "agent/toast" }, ["reset"]],
	["target by name", { target: "fix the door" }, ["close"]],
	["action", { action: "bead.close" }, ["close"]],
	["visits", { action: "access" }, ["visit"]],
	["no visits", { without: "access" }, ["pause", "close", "reset"]],
	["outcome, the furthest step", { outcome: "seen" }, ["reset"]],
	["outcome refused", { outcome: "refused" }, ["close"]],
	["outcome not known yet", { outcome: "sent" }, ["pause"]],
	["from", { from: "2026-11-22T14:00:00Z" }, ["pause", "visit"]],
	["to, in another zone", { to: "2026-11-22T14:00:00+01:00" }, ["close", "reset"]],
	["words of the reason, beyond ASCII", { q: "ÖDÖN SAID: 50%" }, ["reset"]],
	["words of the town's answer", { q: "after you looked" }, ["close"]],
	["words of the case", { q: "Case 9" }, ["visit"]],
	["no such words", { q: "50_ done" }, []],
	["several", { admin: "user/ada", town: "Harbor Lights", outcome: "seen", q: "toast" }, ["reset"]],
])("LEDGER-4: searched over all towns by %s", async (_, filter, expected) => {
	expect(await ids(filter)).toEqual(expected);
});

test("LEDGER-4: what is found has all its rows and its town, and folds to the outcome it was found by", async () => {
	const { stories } = await searchLedger(env.DB, directoryOf(env), { outcome: "seen" }, null, 5);
	expect(stories).toMatchObject([{ town: "t-search", town_name: "Harbor Lights" }]);
	const [story] = foldLedger(stories[0]?.entries ?? []);
	expect([story?.state, story?.steps.map(({ step }) => step)]).toEqual([
		"seen",
		["intent", "outcome", "proof"],
	]);
});

test("LEDGER-4: pages follow each other without a hole or a double", async () => {
	const seen: unknown[] = [];
	let cursor: string | null = null;
	do {
		const page: Awaited<ReturnType<typeof searchLedger>> = await searchLedger(
			env.DB,
			directoryOf(env),
			{},
			cursor === null ? null : parseCursor(cursor),
			1,
		);
		seen.push(...page.stories.map(({ entries }) => entries[0]?.id));
		cursor = page.next;
	} while (cursor !== null);
	expect(seen).toEqual(["pause", "visit", "close", "reset"]);
	expect(parseCursor("1.2.a.b/c:d")).toEqual({ at: 1, n: 2, town: "a.b/c:d" });
	expect(["", "1.2", "x.1.t", "1.2."].map(parseCursor)).toEqual([null, null, null, null]);
});

describe("LEDGER-4: a search reads by index", () => {
	const plan = async (filter: LedgerFilter, towns: string[] | null = null, paged = false) => {
		const { sql, values } = searchStatement(filter, towns, paged ? { at: 1, n: 1, town: "t" } : null, 51);
		const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
			.bind(...values)
			.all<{ detail: string }>();
		return results.map(({ detail }) => detail);
	};
	const scansAll = (line: string) => /^SCAN (s|t|ledger\w*)$/.test(line);

	test.each<[string, LedgerFilter, string[] | null, RegExp]>([
		["nothing", {}, null, /INDEX ledger_stories_by_time/],
		["admin", { admin: "a" }, null, /INDEX ledger_stories_by_admin_id \(admin_id=\?/],
		["user", {}, ["t1", "t2"], /INDEX ledger_stories_by_town \(town=\?/],
		["town", { town: "t" }, null, /INDEX ledger_stories_by_town \(town=\?/],
		["target", { target: "t" }, null, /INDEX ledger_stories_by_target \(target=\?/],
		["action", { action: "a" }, null, /INDEX ledger_stories_by_action \(action=\?/],
		["outcome", { outcome: "o" }, null, /INDEX ledger_stories_by_outcome \(outcome=\?/],
		["time", { from: "2026-01-01T00:00:00Z" }, null, /INDEX ledger_stories_by_time \(at>\?/],
	])("%s", async (_, filter, towns, index) => {
		for (const paged of [false, true]) {
			const lines = await plan(filter, towns, paged);
			expect(lines.some((line) => index.test(line))).toBe(true);
			expect(lines.filter(scansAll)).toEqual([]);
		}
	});

	test("the rows of what is found", async () => {
		const { results } = await env.DB.prepare(
			"EXPLAIN QUERY PLAN SELECT * FROM ledger WHERE id IN (SELECT value FROM json_each('[]')) ORDER BY n",
		).all<{ detail: string }>();
		expect(results.map(({ detail }) => detail).join("\n")).toContain("INDEX ledger_by_id (id=?)");
	});
});

const anyStep = fc.oneof(
	fc.record({
		step: fc.constantFrom("intent", "started", "cancelled", "access", "refusal"),
		body: fc.constant({ name: "a" }),
	}),
	fc.record({
		step: fc.constant("outcome"),
		body: fc.record({
			outcome: fc.constantFrom("applied", "refused", "noop", "never", "unknown", "of tomorrow"),
		}),
	}),
	fc.record({ step: fc.constant("proof"), body: fc.record({ seen: fc.boolean() }) }),
	fc.record({ step: fc.constant("cleared"), body: fc.record({ cleared: fc.boolean() }) }),
);

test("LEDGER-4: the search and the page say the same of how an intervention stands, whatever its steps", () =>
	withLedger(async ({ ledger, outbox, town }) => {
		const stories = fc.sample(fc.array(anyStep, { minLength: 1, maxLength: 6 }), { numRuns: 80, seed: 4 });
		stories.forEach((steps, at) => {
			for (const { step, body } of steps)
				ledger.append({ id: `id-${at}`, step: step as LedgerStep, admin: ADA, body });
		});
		await outbox.run();
		const { results } = await env.DB.prepare(
			"SELECT id, n, action, outcome FROM ledger_stories WHERE town = ? ORDER BY n DESC",
		)
			.bind(town)
			.all();
		const folded = foldLedger(ledger.before(null, 1_000).rows);
		expect(results.map(({ id, n, outcome }) => [id, n, outcome])).toEqual(
			folded.map(({ id, n, state }) => [id, n, state]),
		);
	}));
