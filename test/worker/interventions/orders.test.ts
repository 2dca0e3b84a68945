import { expect, test } from "vitest";
import { atWork, inTown, type TestTown } from "./town.ts";

/** The id of an order that was applied in a town at work. */
function order(town: TestTown, name: string, target: string): string {
	atWork(town);
	const receipt = town.interventions.apply(town.order(name, target));
	expect(receipt).toMatchObject({ outcome: "applied" });
	return receipt.id;
}
const outsideOf = (town: TestTown, id: string) =>
	town.interventions.outsideOf(id).map(({ status }) => status);

test("LEDGER-2: a kill waits for the end that it ordered, leaves the bead on the hook, and the next start is another attempt", () =>
	inTown(async (town) => {
		const id = order(town, "agent.kill", "toast");
		const attempt = town.agent("toast")?.current_attempt_id ?? null;
		await town.interventions.runOutside();
		expect(outsideOf(town, id)).toEqual(["asked"]);
		town.exit("toast", attempt);
		expect(outsideOf(town, id)).toEqual(["done"]);
		expect(town.agent("toast")).toMatchObject({
			...{ status: "idle", container_process_id: null, current_attempt_id: null },
			current_hook_bead_id: "b1",
		});
		expect(town.bead("b1")).toMatchObject({ status: "in_progress", assignee_agent_bead_id: "toast" });
		town.session("toast", "4122");
		expect(town.agent("toast")?.current_attempt_id).not.toBe(attempt);
	}));

test("LEDGER-2: a kill of a session that is being stopped has a key of its own, and one end ends both waits", () =>
	inTown(async (town) => {
		const stop = order(town, "agent.reset", "toast");
		const attempt = town.attempts("b1").at(-1)?.attempt_id;
		const kill = town.interventions.apply(town.order("agent.kill", "toast"));
		expect(kill.outcome).toBe("applied");
		await town.interventions.runOutside();
		expect(town.asked.map(({ key, effect }) => [key, effect.kind]).sort()).toEqual(
			[
				[stop, "stop-agent"],
				[kill.id, "kill-agent"],
			].sort(),
		);
		town.exit("toast", attempt);
		expect([...outsideOf(town, stop), ...outsideOf(town, kill.id)]).toEqual(["done", "done"]);
	}));

test("LEDGER-2: a message is a row with the receipt, under the intervention's id and marked as from an admin", () =>
	inTown((town) => {
		atWork(town);
		for (const [name, target] of [
			["agent.nudge", "toast"],
			["mayor.message", "mayor"],
			["mayor.restart", "mayor"],
		] as const) {
			const message = "Look at ghp_abcdefghijklmnopqrstuvwxyz0123456789.";
			const { id } = town.interventions.apply(town.order(name, target, { message }));
			expect(town.nudge(id)).toMatchObject({
				...{ agent_bead_id: target, source: "admin", priority: "urgent", status: "queued" },
				message: expect.stringMatching(/^\[From an admin of the platform, not from the town's user\]\n/),
			});
			expect(town.nudge(id)?.message).not.toContain("ghp_");
		}
	}));

test("LEDGER-2: a retry leaves its id for the next start alone, which takes it", () =>
	inTown((town) => {
		town.work("toast", "b1");
		town.exit("toast", town.agent("toast")?.current_attempt_id);
		expect(town.bead("b1")).toMatchObject({ status: "in_progress", dispatch_attempts: 1 });
		const { id } = town.interventions.apply(town.order("bead.retry-dispatch", "b1"));
		expect(town.bead("b1")).toMatchObject({ dispatch_attempts: 0, dispatch_order: id });
		town.session("toast");
		expect(town.bead("b1")).toMatchObject({ dispatch_attempts: 1, dispatch_order: null });
		expect(town.attempts("b1").map(({ n, order_id }) => [n, order_id])).toEqual([
			[1, null],
			[1, id],
		]);
		town.exit("toast", town.agent("toast")?.current_attempt_id);
		town.session("toast");
		expect(town.attempts("b1").at(-1)).toMatchObject({ n: 2, order_id: null });
	}));

test("LEDGER-2: a failed bead is retried as new: open, nobody's, its counters cleared", () =>
	inTown((town) => {
		town.work("toast", "b1");
		town.call("updateBeadStatus", { bead_id: "b1", status: "failed" });
		const receipt = town.interventions.apply(town.order("bead.retry-dispatch", "b1"));
		expect(receipt).toMatchObject({ outcome: "applied", before: { "beads/b1": { status: "failed" } } });
		expect(town.bead("b1")).toMatchObject({
			...{
				status: "open",
				assignee_agent_bead_id: null,
				dispatch_attempts: 0,
				last_dispatch_attempt_at: null,
			},
			...{ last_dispatch_error: null, dispatch_order: receipt.id, closed_at: null },
		});
	}));

test("LEDGER-2: the mayor's next session bears the id of the restart", () =>
	inTown((town) => {
		const id = order(town, "mayor.restart", "mayor");
		town.exit("mayor", town.agent("mayor")?.current_attempt_id);
		town.session("mayor", "78");
		expect(town.attempts("mayor").at(-1)).toMatchObject({ order_id: id });
	}));

test("LEDGER-10: a pause of container or dispatch ends after its hours, and is renewed from then", () =>
	inTown((town) => {
		town.container("start");
		const at = town.now;
		const iso = (hours: number) => new Date(at + hours * 3_600_000).toISOString();
		const apply = (name: string, params = {}) => town.interventions.apply(town.order(name, "t", params)).id;
		const pause = apply("container.pause");
		expect(town.state("run_policy")).toEqual({
			...{ policy: "paused_by_user", since: iso(0), until: iso(4), by: "admin/1", order: pause },
		});
		const dispatch = apply("town.pause-dispatch", { hours: 1 });
		expect(town.state("dispatch_pause")).toEqual({
			since: iso(0),
			until: iso(1),
			by: "admin/1",
			order: dispatch,
		});
		town.now += 1_800_000;
		const renewed = apply("town.pause-dispatch", { hours: 2 });
		expect(town.state("dispatch_pause")).toMatchObject({ since: iso(0), until: iso(2.5), order: renewed });
		apply("town.resume-dispatch");
		expect(town.state("dispatch_pause")).toBeNull();
		apply("container.resume");
		expect(town.state("run_policy")).toMatchObject({ policy: "automatic", until: null });
	}));

test("container.start and container.restart set the budget of restarts back", () =>
	inTown((town) => {
		town.container("start");
		for (let n = 0; n < 2; n++) {
			town.container("stop", { exit_code: 137 });
			town.container("start");
		}
		expect(town.state("container")?.restarts_in_window).toBe(2);
		town.interventions.apply(town.order("container.restart", "t"));
		expect(town.state("container")).toMatchObject({ restarts_in_window: 0, window_started_at: null });
	}));

test("LEDGER-10: a pause of dispatch holds work for beads, not the mayor, whose messages wake the container", () =>
	inTown((town) => {
		town.interventions.apply(town.order("town.pause-dispatch", "t"));
		town.work("toast", "b1");
		expect(town.attempts("b1")).toEqual([]);
		town.session("mayor", "77");
		expect(town.attempts("mayor")).toMatchObject([{ outcome: "started" }]);
	}));
