import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { ownerStub } from "../../../worker/stubs.ts";
import { type TestTown, workingTown } from "./support.ts";

const T0 = Date.parse("2026-11-22T10:00:00.000Z");

/** What its alarm would do at that moment; answers when it is to ring next, in ms from then, or null. */
const alarmAt = (town: TestTown, ms: number) =>
	town.inside(async (instance, state) => {
		instance.clock = () => ms;
		await instance.alarm();
		const due = state.storage.sql
			.exec<{ due: number | null }>("SELECT MIN(due) AS due FROM agenda WHERE name != 'compact'")
			.one().due;
		return due === null ? null : due - ms;
	});
const health = async (town: TestTown) =>
	(await town.row("town_state", "health")).value as {
		light: string;
		reason: string;
		at: string;
		findings: { code: string }[];
	};
const told = async (town: TestTown) => {
	const [one] = (await ownerStub(env, { type: "user", id: "user/owner:1" }).overview()).filter(
		({ id }) => id === town.id,
	);
	return one?.summary;
};
const crash = async (town: TestTown) => {
	// Its only attempt: a crash would else be tried again.
	await town.must("setTownState", { key: "config", value: { thresholds: { max_dispatch_attempts: 1 } } });
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	const { attempt_id } = await town.must<{ attempt_id: string }>("startDispatch", { agent_id: town.toast });
	await town.must("dispatchOutcome", { attempt_id, outcome: "started" });
	await town.report("container-events", { type: "start", instance_id: "i-1" });
	await town.report("completions", { agent_id: town.toast, attempt_id, status: "failed", signal: "SIGSEGV" });
};

test("TOWN-6: a change is looked at 2 s later, however many there were, and its owner is told once", async () => {
	const town = await workingTown("looked-at", T0);
	await crash(town);
	expect(await alarmAt(town, T0 + 1_999)).toBeGreaterThan(0);
	expect(await town.stub.rows([{ entity: "town_state", key: "health" }])).toEqual([null]);
	await alarmAt(town, T0 + 2_000);
	const found = await health(town);
	expect(found.findings.map(({ code }) => code)).toContain("agent.process-crashed");
	expect(found.light).not.toBe("healthy");
	expect(await told(town)).toMatchObject({
		health: { light: found.light, reason: found.reason },
		agents_working: 0,
		container: { status: "running" },
	});
});

test("TOWN-6: what is as it was is neither written nor told again", async () => {
	const town = await workingTown("as-it-was", T0);
	await alarmAt(town, T0 + 2_000);
	const before = await health(town);
	const batches = await town.stub.query({ kind: "changes", before: null, limit: 500 });
	await town.must("updateBead", { bead_id: "bead-1", fields: { title: "Fix the window" } });
	await alarmAt(town, T0 + 10_000);
	expect(await health(town)).toEqual(before);
	const after = await town.stub.query({ kind: "changes", before: null, limit: 500 });
	if ("ok" in batches || "ok" in after) throw new Error("refused");
	expect(after.rows.length - batches.rows.length).toBe(1);
	expect((await told(town))?.at).toBe("2026-11-22T10:00:02.000Z");
	await town.must("createBead", { title: "One more", rig_id: "rig-1" });
	await alarmAt(town, T0 + 20_000);
	expect(await told(town)).toMatchObject({ open_beads: 2, at: "2026-11-22T10:00:20.000Z" });
});

test("FEED-8, TOWN-6: a town in which an agent works is looked at every minute; one at rest plans nothing and may sleep", async () => {
	const town = await workingTown("every-minute", T0);
	expect(await alarmAt(town, T0 + 2_000)).toBeNull();
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	await town.must("startDispatch", { agent_id: town.toast });
	expect(await alarmAt(town, T0 + 4_000)).toBe(60_000);
	expect(await alarmAt(town, T0 + 64_000)).toBe(60_000);
	await town.must("unhookBead", { agent_id: town.toast });
	expect(await alarmAt(town, T0 + 66_000)).toBeNull();
});

test("TOWN-6: a town at rest is looked at again when a credential expires, and its owner hears of it", async () => {
	const town = await workingTown("expires", T0);
	await town.report("credential-events", {
		...({ rig_id: "rig-1", credential: "git", type: "resolve", outcome: "ok" } as const),
		expires_at: new Date(T0 + 3_600_000).toISOString(),
	});
	expect(await alarmAt(town, T0 + 2_000)).toBe(3_600_000 + 60_000 - 2_000);
	expect((await health(town)).findings).toEqual([]);
	expect(await alarmAt(town, T0 + 3_660_000)).toBeNull();
	expect((await health(town)).findings.map(({ code }) => code)).toContain("credential.expired");
});

test("TOWN-6: a town at rest is looked at again when a bead has backed off and when a pause ends", async () => {
	const town = await workingTown("backs-off", T0);
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	const { attempt_id } = await town.must<{ attempt_id: string }>("startDispatch", { agent_id: town.toast });
	await town.must("dispatchOutcome", { attempt_id, outcome: "failed", error: "no room" });
	await town.must("unhookBead", { agent_id: town.toast });
	expect(await alarmAt(town, T0 + 2_000)).toBe(28_000);
	await town.inside((_, state) => {
		const pause = {
			since: new Date(T0).toISOString(),
			until: new Date(T0 + 600_000).toISOString(),
			by: "Kim",
		};
		state.storage.sql.exec(
			"INSERT INTO town_state (key, value, updated_at) VALUES ('dispatch_pause', ?, '')",
			JSON.stringify(pause),
		);
	});
	expect(await alarmAt(town, T0 + 30_000)).toBe(570_000);
	expect(await alarmAt(town, T0 + 600_000)).toBeNull();
});

test("TOWN-6: ready work that nothing starts is told as stuck by time alone, and then the town may sleep", async () => {
	const town = await workingTown("nothing-starts", T0);
	await town.report("container-events", { type: "start", instance_id: "i-1" });
	expect(await alarmAt(town, T0 + 2_000)).toBe(6 * 60_000 - 2_000);
	expect((await health(town)).light).toBe("healthy");
	// From then on only a container that runs without work could become one that costs for nothing.
	expect(await alarmAt(town, T0 + 6 * 60_000)).toBe(4 * 60_000);
	expect(await alarmAt(town, T0 + 10 * 60_000)).toBeNull();
	expect((await health(town)).findings.map(({ code }) => code)).toEqual(["bead.undispatched"]);
	expect((await told(town))?.health.light).toBe("warning");
});

test("TOWN-6: a town that a stuck agent makes ill by time alone shows it, though nothing changed", async () => {
	const town = await workingTown("by-time", T0);
	await town.report("container-events", { type: "start", instance_id: "i-1" });
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	const { attempt_id } = await town.must<{ attempt_id: string }>("startDispatch", { agent_id: town.toast });
	await town.must("dispatchOutcome", { attempt_id, outcome: "started" });
	const beat = {
		agent_id: town.toast,
		last_event_type: "session.idle",
		last_event_at: T0,
		active_tools: [],
		pid: 1,
		cpu: 0,
		memory_mb: 1,
	};
	await town.report("heartbeat", { instance_id: "i-1", agents: [beat], container: null });
	await alarmAt(town, T0 + 2_000);
	expect((await health(town)).light).toBe("healthy");
	for (let minute = 1; minute <= 16; minute++) {
		await town.setClock(T0 + minute * 60_000);
		await town.report("heartbeat", { instance_id: "i-1", agents: [beat], container: null });
		await alarmAt(town, T0 + minute * 60_000 + 2_000);
	}
	const found = await health(town);
	expect(found.findings.map(({ code }) => code)).toContain("agent.gupp-timeout");
	const again = async (minute: number) => {
		await town.setClock(T0 + minute * 60_000);
		await town.report("heartbeat", { instance_id: "i-1", agents: [beat], container: null });
		await alarmAt(town, T0 + minute * 60_000 + 2_000);
		return health(town);
	};
	// Only the minutes in its words have passed: no change of the town, until they are ten.
	for (const minute of [17, 20, 23]) expect(await again(minute)).toEqual(found);
	expect((await again(26)).reason).not.toBe(found.reason);
	expect((await told(town))?.health.light).toBe(found.light);
	expect(found.light).not.toBe("healthy");
});

test("TOWN-6 LEDGER-8: what a heartbeat tells for the first time is looked at soon; the same again is not", async () => {
	const town = await workingTown("told-by-heartbeat", T0);
	await alarmAt(town, T0 + 2_000);
	const beat = (at: number, prompt_hash: string) =>
		town.report("heartbeat", {
			...{ instance_id: "i-1", container: null },
			agents: [
				{
					...{ agent_id: town.toast, pid: 7, cpu: null, memory_mb: null, active_tools: [] },
					...{ last_event_type: null, last_event_at: at, status: "running", model: "m", prompt_hash },
				},
			],
		});
	const due = (at: number) => alarmAt(town, at);
	await town.setClock(T0 + 10_000);
	await beat(T0 + 10_000, "old");
	expect(await due(T0 + 11_999)).toBe(1);
	await due(T0 + 12_000);
	await town.setClock(T0 + 13_000);
	await beat(T0 + 13_000, "old");
	expect(await due(T0 + 13_001)).toBeGreaterThan(60_000);
});
