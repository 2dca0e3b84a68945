import { expect, test } from "vitest";
import type { ContainerState } from "../../../shared/gastown/index.ts";
import { inTown } from "../interventions/town.ts";
import { type TestTown, workingTown } from "./support.ts";

/** What the rules of diagnosis go by when nobody looked while it happened: facts in state rows, not in journals (TOWN-8). */

const T0 = Date.parse("2026-11-22T10:00:00.000Z");
const MINUTE = 60_000;
const iso = (minutes: number) => new Date(T0 + minutes * MINUTE).toISOString();

const container = async (town: TestTown) =>
	(await town.row("town_state", "container")).value as ContainerState;
const atWork = async (town: TestTown) => {
	await town.report("container-events", { type: "start", instance_id: "i-1" });
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	const { attempt_id } = await town.must<{ attempt_id: string }>("startDispatch", { agent_id: town.toast });
	await town.must("dispatchOutcome", { attempt_id, outcome: "started", process_id: "9" });
	return attempt_id;
};

test("TOWN-8: what broke into work is kept with who worked: memory, a death, a sleep", async () => {
	const town = await workingTown("setbacks", T0);
	const event = { instance_id: "i-1", memory_mb: 500, memory_limit_mb: 512 } as const;
	await town.report("container-events", { type: "sleep", instance_id: "i-1" });
	await atWork(town);
	await town.report("container-events", { type: "error", oom: true, ...event });
	await town.report("container-events", { type: "sleep", instance_id: "i-1" });
	await town.report("container-events", { type: "wake", instance_id: "i-1" });
	await town.report("container-events", { type: "stop", exit_code: 137, ...event });
	await town.report("container-events", { type: "start", instance_id: "i-2" });
	await town.report("container-events", { type: "stop", instance_id: "i-2", exit_code: 1 });
	const { setbacks } = await container(town);
	expect(setbacks.map(({ kind }) => kind)).toEqual(["oom", "slept", "oom", "died"]);
	expect(setbacks[0]).toMatchObject({
		at: iso(0),
		agents: [town.toast],
		memory_mb: 500,
		memory_limit_mb: 512,
	});
});

test("TOWN-8: an end that was ordered, and that of an older instance, are no setbacks; ten leave the newest eight", async () => {
	const town = await workingTown("no-setbacks", T0);
	await atWork(town);
	await town.report("container-events", { type: "stop", instance_id: "i-1", exit_code: 137, detail: { ordered: true } });
	await town.report("container-events", { type: "start", instance_id: "i-2" });
	await town.report("container-events", { type: "stop", instance_id: "i-1", exit_code: 1 });
	expect((await container(town)).setbacks).toEqual([]);
	for (let n = 0; n < 10; n++)
		await town.report("container-events", { type: "error", oom: true, instance_id: "i-2", memory_mb: n });
	expect((await container(town)).setbacks.map(({ memory_mb }) => memory_mb)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
}); // biome-ignore format: short

test("TOWN-8: an admin's restart begins anew", () =>
	inTown((town) => {
		town.container("start");
		town.container("error", { oom: true });
		expect(town.state("container")?.setbacks).toHaveLength(1);
		town.interventions.apply(town.order("container.restart", "t"));
		expect(town.state("container")?.setbacks).toEqual([]);
	}));

test("TOWN-8: an agent's row says since when it is in its status, and how its last process ended", async () => {
	const town = await workingTown("since", T0);
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({ status_since: iso(0) });
	await town.setClock(T0 + 3 * MINUTE);
	const attempt_id = await atWork(town);
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({ status_since: iso(3) });
	await town.setClock(T0 + 5 * MINUTE);
	await town.report("completions", { agent_id: town.toast, attempt_id, status: "failed", signal: "SIGKILL" });
	expect(await town.row("agent_metadata", town.toast)).toMatchObject({
		status_since: iso(5),
		last_exit: { status: "failed", signal: "SIGKILL" },
	});
});

const git = { rig_id: "rig-1", credential: "git", source: "integration:1" } as const;
const token = (town: TestTown) => town.row("rig_credentials", JSON.stringify(["rig-1", "git"]));

test("TOWN-8: a credential's row says which step fails, with which status, and since when", async () => {
	const town = await workingTown("failing", T0);
	await town.report("credential-events", { ...git, type: "resolve", outcome: "failed", status: 500 });
	await town.setClock(T0 + 2 * MINUTE);
	await town.report("credential-events", { ...git, type: "resolve", outcome: "failed", status: 503 });
	expect(await token(town)).toMatchObject({ last_type: "resolve", last_status: 503, failing_since: iso(0) });
	const found = { ...git, type: "resolve", outcome: "ok", status: 200, fingerprint: "aa11" } as const;
	await town.report("credential-events", found);
	expect(await token(town)).toMatchObject({ failing_since: null, fingerprint_at: iso(2) });
	const verify = { ...git, type: "verify", fingerprint: "aa11" } as const;
	await town.report("credential-events", { ...verify, outcome: "unauthorized", status: 404 });
	// Found again, and still not let in: the same trouble, not a new one each time.
	for (const minutes of [4, 6]) {
		await town.setClock(T0 + minutes * MINUTE);
		await town.report("credential-events", found);
		await town.report("credential-events", { ...verify, outcome: "unauthorized", status: 404 });
	}
	expect(await token(town)).toMatchObject({ last_type: "verify", last_status: 404, failing_since: iso(2), fingerprint_at: iso(2) });
	await town.report("credential-events", { ...verify, outcome: "ok", status: 200 });
	expect(await token(town)).toMatchObject({ last_outcome: "ok", failing_since: null });
}); // biome-ignore format: short

test("TOWN-8: what the container says that it holds is kept when it is another, and is nobody's once it starts anew", async () => {
	const town = await workingTown("held", T0);
	await town.report("credential-events", { ...git, type: "resolve", outcome: "ok", fingerprint: "aa11" });
	await town.report("container-events", { type: "start", instance_id: "i-1" });
	const beat = (held: string) => {
		const fingerprints = { "rig-1": held };
		return town.report("heartbeat", { instance_id: "i-1", agents: [], container: null, fingerprints });
	};
	await beat("aa11");
	await town.setClock(T0 + 4 * MINUTE);
	const changes = async () => town.stub.query({ kind: "changes", before: null, limit: 500 });
	const before = await changes();
	await beat("aa11");
	expect(await changes()).toEqual(before);
	expect(await token(town)).toMatchObject({ held_fingerprint: "aa11", held_at: iso(0) });
	await beat("bb22");
	expect(await token(town)).toMatchObject({ fingerprint: "aa11", held_fingerprint: "bb22", held_at: iso(4) });
	await town.report("container-events", { type: "start", instance_id: "i-2" });
	expect(await token(town)).toMatchObject({ held_fingerprint: null, held_at: null });
});

test("TOWN-8: the names of the environment that a container took stay known when it starts anew", async () => {
	const town = await workingTown("names", T0);
	await town.must("setTownState", { key: "config", value: { env_vars: { ALPHA: "1", BETA: "2" } } });
	await town.report("container-events", { type: "start", instance_id: "i-1" });
	await town.report("heartbeat", { instance_id: "i-1", agents: [], container: null, config_version: "1" });
	await town.must("setTownState", { key: "config", value: { env_vars: { ALPHA: "1" } } });
	await town.report("container-events", { type: "start", instance_id: "i-2" });
	expect(await container(town)).toMatchObject({ config_version: null, config_names: ["ALPHA", "BETA"] });
});
