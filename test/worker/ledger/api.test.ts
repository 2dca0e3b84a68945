import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { apiError } from "../../../shared/directory/index.ts";
import type { LedgerRow } from "../../../shared/interventions/chain.ts";
import { ledgerCheck } from "../../../shared/ledger/check.ts";
import { csvHead } from "../../../shared/ledger/csv.ts";
import { exportHeader, verifyExport } from "../../../shared/ledger/export.ts";
import { ledgerPage } from "../../../shared/ledger/search.ts";
import { sha256 } from "../../../worker/admin-session/ledger/ledger.ts";
import type { AdminSessionDO } from "../../../worker/admin-session-do.ts";
import { newTown, watch } from "../session/console.ts";
import { seedDirectory, signIn } from "../support/directory.ts";
import { TEST_ORIGIN, TEST_USERS } from "../support/identities.ts";
import { alarm, countdown, isEntry, later, pause, proposal, type Town } from "./kit.ts";

let cookie = "";
beforeAll(async () => {
	await seedDirectory();
	cookie = await signIn(TEST_USERS.ada.email);
});

const call = (path: string, init: RequestInit = {}, token = cookie) =>
	exports.default.fetch(
		new Request(`${TEST_ORIGIN}${path}`, {
			...init,
			headers: { Cookie: `CF_Authorization=${token}`, Origin: TEST_ORIGIN, ...init.headers },
		}),
	);
const ofTown = (town: { id: string }, rest: string) =>
	`/api/towns/${encodeURIComponent(town.id)}/ledger/${rest}`;
const check = async (town: { id: string }) => {
	const response = await call(ofTown(town, "check"));
	expect(response.status).toBe(200);
	return ledgerCheck.parse(await response.json());
};
const faults = async (town: Town) =>
	(await check(town)).parts
		.filter(({ result }) => result !== "ok")
		.map(({ part, message }) => [part, message]);

/** A town in which one thing was done, seen and mirrored. */
async function mended(): Promise<Town & { intervention: string }> {
	const town = await newTown();
	const page = await watch(town.id);
	const proposed = proposal();
	await page.ask(proposed);
	await page.until(isEntry("proof"));
	await later(town, 5_000);
	await alarm(town);
	return { ...town, intervention: proposed.intervention };
}
const inTown = (town: Town, statement: string, ...bindings: string[]) =>
	town.inside((_, state) => state.storage.sql.exec(statement, ...bindings).toArray());
const rowsOf = (town: { id: string }) =>
	runInDurableObject(env.ADMIN_SESSION.getByName(town.id), (_, state) =>
		state.storage.sql.exec("SELECT * FROM ledger ORDER BY n").toArray(),
	) as Promise<unknown> as Promise<LedgerRow[]>;

const PATHS = ["rows", "check", "export.jsonl", "export.csv"];

test("LEDGER-4: the ledger is shown only to admins", async () => {
	const town = await newTown();
	const customer = await signIn(TEST_USERS.cleo.email);
	for (const path of [
		"/api/ledger",
		"/api/ledger/export.csv",
		"/api/ledger/export.json",
		...PATHS.map((one) => ofTown(town, one)),
	]) {
		expect((await call(path, {}, "")).status).toBe(401);
		expect((await call(path, {}, customer)).status).toBe(403);
	}
});

test("LEDGER-4: what the API is asked wrongly is refused by name, and nothing is made for a town that nobody has", async () => {
	const refusal = async (path: string) => {
		const response = await call(path);
		return [response.status, apiError.parse(await response.json()).error.code];
	};
	for (const path of PATHS)
		expect(await refusal(ofTown({ id: "nowhere" }, path))).toEqual([404, "no_such_town"]);
	expect(await refusal(ofTown({ id: "no town" }, "check"))).toEqual([400, "bad_town_id"]);
	expect(await refusal("/api/ledger?from=yesterday")).toEqual([422, "bad_filter"]);
	expect(await refusal(`/api/ledger?q=${"x".repeat(201)}`)).toEqual([422, "bad_filter"]);
	expect(await refusal("/api/ledger?before=1")).toEqual([422, "bad_cursor"]);
	expect(await refusal("/api/ledger?limit=0")).toEqual([422, "bad_limit"]);
	const town = await newTown();
	expect(await refusal(ofTown(town, "rows?after=-1"))).toEqual([422, "bad_after"]);
});

test("LEDGER-4: what was done is found by whose town it is, with its rows as they travel", async () => {
	const town = await mended();
	const response = await call(`/api/ledger?town=${town.id}&without=access&limit=5`);
	const page = ledgerPage.parse(await response.json());
	expect(page.stories).toMatchObject([{ town: town.id, town_name: "Test town" }]);
	expect(page.stories[0]?.entries.map(({ step }) => step)).toEqual(["intent", "outcome", "proof"]);
	const ofOwner = await call(`/api/ledger?user=user/owner:1&town=${town.id}&action=bead.priority`);
	expect(ledgerPage.parse(await ofOwner.json()).stories[0]?.entries[0]?.id).toBe(town.intervention);
});

test("LEDGER-4: the check compares every receipt of the town with its entry", async () => {
	const town = await mended();
	expect(await check(town)).toMatchObject({ result: "ok", head: { n: expect.any(Number) } });
	const [{ body }] = (await inTown(town, "SELECT body FROM receipts")) as [{ body: string }];
	const outcome = (await rowsOf(town)).find(({ step }) => step === "outcome");

	await inTown(town, "UPDATE receipts SET body = json_set(body, '$.after.x', 1)");
	expect(await faults(town)).toEqual([["receipts", `Entry ${outcome?.n} is not what the town says of it.`]]);
	await inTown(town, "UPDATE receipts SET body = 'x'");
	expect(await faults(town)).toEqual([["receipts", `Entry ${outcome?.n} is not what the town says of it.`]]);

	await inTown(town, "DELETE FROM receipts");
	expect(await faults(town)).toEqual([["receipts", `The town has no receipt for entry ${outcome?.n}.`]]);

	await inTown(town, "INSERT INTO receipts VALUES (?, 1, ?)", town.intervention, body);
	expect(await faults(town)).toEqual([]);
	await inTown(town, "INSERT INTO receipts VALUES ('done-by-nobody', 1, ?)", body);
	expect(await faults(town)).toEqual([
		["receipts", "The town did done-by-nobody, and the ledger has no intent of it."],
	]);
});

test("LEDGER-4: of what the session refused itself, or somebody cancelled, no receipt is missed, and one that is there is a fault", async () => {
	const town = await newTown();
	const [ada, bo] = [await watch(town.id), await watch(town.id, "bo")];
	const now = Date.now();
	await runInDurableObject(env.ADMIN_SESSION.getByName(town.id), (session: AdminSessionDO) => {
		session.clock = () => now;
	});
	await Promise.all([ada.ask(proposal()), bo.ask(proposal({ params: { priority: "low" } }))]);
	await countdown(town, 5_000);
	const cancelled = pause(town);
	await ada.ask(cancelled);
	await bo.ask({ t: "cancel", of: cancelled.intervention });
	const outcomes = (await rowsOf(town)).filter(({ step }) => step === "outcome");
	const rival = outcomes.find(({ body }) => (JSON.parse(body) as { code?: string }).code === "rival");
	expect(outcomes).toHaveLength(2);
	expect(await faults(town)).toEqual([]);
	await inTown(town, "INSERT INTO receipts SELECT ?, at, body FROM receipts LIMIT 1", rival?.id ?? "");
	expect(await faults(town)).toEqual([["receipts", `Entry ${rival?.n} is not what the town says of it.`]]);
});

test("LEDGER-4: refused, without change and never are receipts as well; what awaits its outcome is no fault", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	await page.ask(proposal({ params: { priority: "medium" } }));
	await page.ask(proposal({ saw: { priority: "low" } }));
	await inTown(
		town,
		"CREATE TRIGGER broken BEFORE INSERT ON receipts WHEN json_extract(NEW.body, '$.outcome') = 'applied' BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END",
	);
	await page.ask(proposal());
	const outcomes = (await rowsOf(town))
		.filter(({ step }) => step === "outcome")
		.map(({ body }) => (JSON.parse(body) as { outcome: string }).outcome);
	expect(outcomes).toEqual(["noop", "refused", "never"]);
	expect(await faults(town)).toEqual([]);
	await runInDurableObject(env.ADMIN_SESSION.getByName(town.id), (_, state) => {
		state.storage.sql.exec("DROP TRIGGER ledger_no_delete");
		state.storage.sql.exec("DELETE FROM ledger WHERE n = (SELECT MAX(n) FROM ledger)");
	});
	expect((await check(town)).parts.at(-1)).toMatchObject({
		...{ result: "ok", message: "Receipts of the town with their entries: 3. Their outcome is awaited: 1." },
	});
});

test("LEDGER-4: a ledger outlives its town: it is read and exported, and the check says what it could not read", async () => {
	const town = await mended();
	await town.inside((_, state) => state.storage.deleteAll());
	await town.inside((_, state) => state.abort("gone")).catch(() => {});
	expect((await call(ofTown(town, "export.jsonl"))).status).toBe(200);
	const found = await check(town);
	expect(found.result).toBe("unread");
	expect(found.parts.filter(({ result }) => result !== "ok")).toMatchObject([
		{ part: "receipts", result: "unread" },
	]);
	const page = ledgerPage.parse(await (await call(`/api/ledger?town=${town.id}`)).json());
	expect(page.stories[0]?.town_name).toBe("Test town");
});

test("LEDGER-4: an export holds each row as it was hashed, and is verified with nothing but itself", async () => {
	const town = await mended();
	const response = await call(ofTown(town, "export.jsonl"));
	expect(response.headers.get("content-disposition")).toBe(`attachment; filename="ledger-${town.id}.jsonl"`);
	const lines = (await response.text()).split("\n");
	const rows = await rowsOf(town);
	const last = rows.at(-1);
	expect(exportHeader.parse(JSON.parse(lines[0] ?? ""))).toMatchObject({
		...{ town: town.id, name: "Test town", head: { n: last?.n, hash: last?.hash } },
		mirror_head: { n: expect.any(Number) },
	});
	expect(lines.slice(1, -1).map((line) => JSON.parse(line))).toEqual(rows);
	expect(await verifyExport(lines, sha256)).toMatchObject({ is: "ok", n: rows.length, hash: last?.hash });
	const pages: LedgerRow[] = [];
	for (let more = true; more; ) {
		const { rows: page } = (await (await call(ofTown(town, `rows?after=${pages.length}`))).json()) as {
			rows: LedgerRow[];
		};
		pages.push(...page);
		more = page.length > 0;
	}
	expect(pages).toEqual(rows);
});

test("LEDGER-4: the CSV of a town and of a search, and the JSON of a search, have one line an intervention or visit", async () => {
	const town = await mended();
	const csv = await (await call(ofTown(town, "export.csv"))).text();
	const [head, ...lines] = csv.split("\r\n").filter(Boolean);
	expect(`${head}\r\n`).toBe(csvHead());
	expect(lines.map((line) => line.split(",")[8])).toEqual(["access", "bead.priority"]);
	const found = await (await call(`/api/ledger/export.csv?town=${town.id}&without=access`)).text();
	expect(found.split("\r\n").filter(Boolean)).toEqual([head, lines[1]]);
	const asJson = async (query: string) => (await call(`/api/ledger/export.json?${query}`)).json();
	expect(await asJson(`town=${town.id}&without=access`)).toMatchObject([
		{ town: town.id, entries: expect.arrayContaining([expect.objectContaining({ step: "intent" })]) },
	]);
	expect(await asJson("town=nobody-has-it")).toEqual([]);
});

test("LEDGER-3: no HTTP route changes, drops or adds an entry", async () => {
	const town = await mended();
	const before = await rowsOf(town);
	const paths = [
		"/api/ledger",
		"/api/ledger/export.csv",
		`/api/towns/${town.id}/ledger`,
		...PATHS.map((path) => ofTown(town, path)),
		ofTown(town, "rows/1"),
		`/api/towns/${town.id}/container/ledger`,
		`/api/towns/${town.id}/container/gastown/ledgerRows`,
	];
	for (const method of ["POST", "PUT", "PATCH", "DELETE"])
		for (const path of paths) {
			const body = JSON.stringify({ n: 1, rows: [], entries: [] });
			const { status } = await call(path, { method, body, headers: { "Content-Type": "application/json" } });
			expect([path, method, [401, 403, 404, 405].includes(status)]).toEqual([path, method, true]);
		}
	for (const path of paths.slice(0, 7)) await (await call(path)).text();
	expect(await rowsOf(town)).toEqual(before);
});

test("LEDGER-3: no message of a socket changes or drops an entry; what is refused only adds its own", async () => {
	const town = await mended();
	const before = await rowsOf(town);
	const page = await watch(town.id, "bo");
	const forged = {
		n: 1,
		id: town.intervention,
		step: "intent",
		at: 0,
		admin: null,
		body: {},
		prev_hash: "",
		hash: "",
	};
	for (const message of [
		{ t: "ledger", entries: [forged] },
		{ t: "intervention", entries: [forged] },
		{ t: "query", question: { kind: "ledger", before: null, limit: 5, rows: [forged] } },
		{ t: "query", question: { kind: "journal", entity: "ledger", where: {}, before: null, limit: 5 } },
		{ t: "query", question: { kind: "delete", entity: "ledger" } },
		proposal({ name: "ledger.delete", target: "1" }),
		proposal({ intervention: town.intervention, params: { priority: "low" } }),
		proposal({ intervention: "'; DELETE FROM ledger; --" }),
		proposal({ reason: "'); DROP TABLE ledger; --", saw: { priority: "high" } }),
	])
		await page.ask(message);
	const after = await rowsOf(town);
	expect(after.slice(0, before.length)).toEqual(before);
	expect(after.length).toBeGreaterThan(before.length);
	expect(await faults(town)).toEqual([]);
});
