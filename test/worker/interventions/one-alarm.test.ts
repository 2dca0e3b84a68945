import { afterEach, expect, test, vi } from "vitest";
import { TownContainerDO } from "../../../worker/town-container-do.ts";
import { KINDS, type Kind } from "../ledger/kinds.ts";
import { workingTown } from "../town/support.ts";

afterEach(() => {
	vi.restoreAllMocks();
});

test("ALARM-1 LEDGER-2: an order that takes the container long keeps neither the next one nor the town's plans waiting", async () => {
	const town = await workingTown("one-alarm");
	const stopped = Promise.withResolvers<{ ok: true; status: number; body: object }>();
	const asked: string[] = [];
	vi.spyOn(TownContainerDO.prototype, "stop").mockImplementation(() => {
		asked.push("stop");
		return stopped.promise;
	});
	vi.spyOn(TownContainerDO.prototype, "start").mockImplementation(async () => {
		asked.push("start");
		return { ok: true, status: 200, body: {} };
	});
	vi.spyOn(TownContainerDO.prototype, "control").mockImplementation(async () => {
		asked.push("kill");
		return { ok: true, status: 200, body: {} };
	});
	const kill = await (KINDS["that kills a process"] as Kind).arrange(town);
	const saw = { container_status: "running", instance_id: "i-1", run_policy: "automatic" };
	const restart = { name: "container.restart", target: town.id, params: {}, saw };
	for (const order of [restart, kill]) {
		const id = crypto.randomUUID();
		const receipt = await town.stub.applyIntervention({ ...order, id, admin: "a", reason: "r" } as never);
		expect(receipt.outcome).toBe("applied");
		await town.inside((instance) => instance.alarm());
	}
	await vi.waitFor(() => expect(asked).toEqual(["stop", "kill"]));
	stopped.resolve({ ok: true, status: 200, body: {} });
	await vi.waitFor(() => expect(asked).toEqual(["stop", "kill", "start"]));
});
