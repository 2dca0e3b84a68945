import { expect, test } from "vitest";
import { TOWN_TABLES } from "../../../shared/gastown/index.ts";
import { LEFT_OUT } from "../../../worker/town/schema.ts";
import { townOf, workingTown } from "./support.ts";

test("FEED-1: every table of a town is captured or on the list of those left out", async () => {
	const town = await workingTown("walk");
	const { tables, triggers } = await town.inside((_, state) => {
		const names = (type: string) =>
			state.storage.sql
				.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = ?", type)
				.toArray()
				.map((row) => row.name);
		return { tables: names("table"), triggers: names("trigger") };
	});
	const own = tables.filter((name) => !name.startsWith("sqlite_") && !name.startsWith("_cf_"));
	const captured = Object.keys(TOWN_TABLES);
	expect(own.filter((name) => !captured.includes(name)).sort()).toEqual(Object.keys(LEFT_OUT).sort());
	const triggersOf = (name: string) =>
		["insert", "update", "delete"].map((verb) => `capture_${name}_${verb}`);
	expect(triggers.filter((name) => name.startsWith("capture_")).sort()).toEqual(
		captured.flatMap(triggersOf).sort(),
	);
});

test("FEED-5: every batch of a town's life has a cause", async () => {
	const town = await workingTown("causes");
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	const started = await town.must<{ attempt_id: string }>("startDispatch", { agent_id: town.toast });
	await town.must("dispatchOutcome", { attempt_id: started.attempt_id, outcome: "started" });
	await town.must("agentDone", { agent_id: town.toast, branch: "fix" });
	const changes = await town.stub.query({ kind: "changes", before: null, limit: 500 });
	if ("ok" in changes) throw new Error(changes.message);
	const causes = (changes.rows as { cause: { what: string } | null }[]).map(
		(batch) => batch.cause?.what ?? null,
	);
	expect(causes).not.toContain(null);
	expect(causes.slice(-8)).toEqual([
		"agentDone", "dispatchOutcome", "startDispatch", "hookBead", "createBead", "createAgent", "createRig", "createTown",
	]); // biome-ignore format: a list
});

test("TOWN-2: a refused call leaves nothing behind, not even its first half", async () => {
	const town = await workingTown("half");
	const before = await town.stub.query({ kind: "changes", before: null, limit: 500 });
	const called = await town.call("hookBead", { agent_id: town.toast, bead_id: "nowhere" });
	expect(called).toMatchObject({ ok: false, code: "no-such-bead", details: { id: "nowhere" } });
	expect(await town.stub.query({ kind: "changes", before: null, limit: 500 })).toEqual(before);
});

test("TOWN-2: a town that was never created answers no call", async () => {
	const town = townOf("nowhere");
	expect(await town.stub.describe()).toBeNull();
	expect(await town.call("createBead", { title: "x" })).toMatchObject({ ok: false, code: "no-such-town" });
});
