import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { sqlOf } from "../../../worker/live-ops/index.ts";
import { readSecret } from "../../../worker/town/credentials/secrets.ts";
import type { Town as TownParts } from "../../../worker/town/town.ts";
import { newTown, watch } from "../session/console.ts";
import { seedDirectory } from "../support/directory.ts";
import { alarm, later, ledgerOf, proposal, type Town, value } from "./kit.ts";

/** Of no shape that a redaction would know. */
const SECRET = "plain words nobody would take for a key 4711";
const PIECES = [SECRET, SECRET.slice(0, 12), SECRET.slice(-12)];

beforeAll(seedDirectory);
afterEach(() => {
	vi.restoreAllMocks();
});

/** Every row of every table of an object, but for the town's secrets. */
function everything(state: DurableObjectState): string {
	const { sql } = state.storage;
	const tables = sql
		.exec<{ name: string }>(
			"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
		)
		.toArray()
		.map(({ name }) => name)
		.filter((name) => name !== "town_secrets");
	expect(tables.length).toBeGreaterThan(3);
	return JSON.stringify(tables.map((name) => [name, sql.exec(`SELECT * FROM "${name}"`).toArray()]));
}

async function keptEverywhere(town: Town): Promise<string[]> {
	const mirror = await Promise.all(
		["ledger", "ledger_heads", "ledger_towns"].map((table) => env.DB.prepare(`SELECT * FROM ${table}`).all()),
	);
	return [
		await town.inside((_, state) => everything(state)),
		await runInDurableObject(env.ADMIN_SESSION.getByName(town.id), (_, state) => everything(state)),
		JSON.stringify(mirror.map(({ results }) => results)),
	];
}

const secretOf = (town: Town, name: string) =>
	town.inside((_, state) => readSecret({ sql: sqlOf(state.storage) } as unknown as TownParts, name));

/** What is written to the console by anybody here. */
function listen(): () => string {
	const spies = (["log", "info", "warn", "error", "debug"] as const).map((level) => vi.spyOn(console, level));
	return () =>
		JSON.stringify(
			spies.flatMap(({ mock }) => mock.calls.flat()).map((one) => (one instanceof Error ? one.stack : one)),
		);
}

test("LEDGER-14: no byte of a secret is kept but in the town's secrets: not in ledger, mirror, journals, log, frames or console", async () => {
	const town = await newTown();
	await town.must("createRig", { id: "rig-2", name: "api", git_url: "https://forge.test/acme/api.git" });
	await town.must("setTownState", { key: "config", value: { max_polecats_per_rig: 2 } });
	const said = listen();
	const asked: string[] = [];
	const page = await watch(town.id);
	const other = await watch(town.id, "bo");
	vi.spyOn(globalThis, "fetch").mockImplementation(async (input) => {
		asked.push(String(input));
		return String(input).includes("/installation/")
			? Response.json({ repositories: [{ full_name: "acme/api" }] })
			: Response.json({ permissions: { push: true } });
	});
	const set = await page.ask(
		proposal({
			...{ name: "config.set-env", target: town.id, params: { name: "SHOP_KEY" }, saw: { set: false } },
			secret: SECRET,
		}),
	);
	expect(value(set).receipt.outcome).toBe("applied");
	const token = await page.ask(
		proposal({
			...{ name: "credential.set-token", target: "rig-2", params: {}, saw: { source: null, manual: null } },
			secret: SECRET,
		}),
	);
	expect(value(token).receipt, JSON.stringify(token)).toMatchObject({ outcome: "applied" });
	expect(asked.length).toBeGreaterThan(1);

	// It arrived where it belongs.
	expect(await secretOf(town, "env_vars.SHOP_KEY")).toBe(SECRET);
	expect(await secretOf(town, "rig:rig-2:git_token")).toBe(SECRET);
	const intents = (await ledgerOf(town)).filter(({ step }) => step === "intent");
	expect(intents.map(({ body }) => body.params)).toEqual([
		{
			name: "SHOP_KEY",
			unset: false,
			secret: { fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/), length: SECRET.length },
		},
		{ secret: { fingerprint: expect.any(String), length: SECRET.length } },
	]);
	await later(town, 10_000);
	await alarm(town);
	const all = [
		...(await keptEverywhere(town)),
		JSON.stringify([set, token, page.messages, other.messages, page.changes, other.changes, asked]),
		said(),
	];
	expect(all[2]).toContain(intents[0]?.id);
	for (const kept of all) for (const piece of PIECES) expect(kept).not.toContain(piece);
});

test("LEDGER-14: a secret that is missing, not asked for, or stands in what is recorded is refused before any entry", async () => {
	const town = await newTown();
	await town.must("setTownState", { key: "config", value: { max_polecats_per_rig: 2 } });
	const page = await watch(town.id);
	const setEnv = { name: "config.set-env", target: town.id, params: { name: "A" }, saw: { set: false } };
	for (const more of [
		setEnv,
		{ secret: SECRET },
		{ ...setEnv, secret: SECRET, reason: `set it to ${SECRET}` },
		{ ...setEnv, params: { name: "A", unset: true }, secret: SECRET },
	])
		expect(await page.ask(proposal(more)), JSON.stringify(more)).toMatchObject({
			ok: false,
			error: { code: "bad_params" },
		});
	expect((await ledgerOf(town)).filter(({ step }) => step === "intent")).toEqual([]);
	expect(JSON.stringify(await keptEverywhere(town))).not.toContain(SECRET.slice(0, 12));
});

test("LEDGER-14: a secret that a crash overtook is lost, not kept: the order is told as not done", async () => {
	const town = await newTown();
	await town.must("setTownState", { key: "config", value: { max_polecats_per_rig: 2 } });
	const page = await watch(town.id);
	const { TownDO } = await import("../../../worker/town-do.ts");
	vi.spyOn(TownDO.prototype, "applyIntervention").mockImplementationOnce(async () => {
		throw new Error("the town's object was reset");
	});
	const answer = await page.ask(
		proposal({
			...{ name: "config.set-env", target: town.id, params: { name: "A" }, saw: { set: false } },
			secret: SECRET,
		}),
	);
	expect(value(answer).receipt.outcome).toBe("never");
	expect(await secretOf(town, "env_vars.A")).toBeNull();
	expect(JSON.stringify(await keptEverywhere(town))).not.toContain(SECRET.slice(0, 12));
});
