import { expect, test } from "vitest";
import { inForceNow } from "../../../shared/interventions/in-force.ts";
import { dispatchHolds } from "../../../worker/town/dispatch.ts";
import type { Given } from "../../../worker/town/interventions/given.ts";
import { setTownValue } from "../../../worker/town/town-state.ts";
import { inTown, type TestTown } from "./town.ts";

const press = (
	town: TestTown,
	name: string,
	target: string,
	params: Record<string, unknown> = {},
	given: Given = {},
) => {
	const receipt = town.interventions.apply(town.order(name, target, params), given);
	expect(receipt, receipt.message ?? name).toMatchObject({ outcome: "applied" });
	return receipt;
};
const list = (town: TestTown) => town.state("in_force") ?? [];
/** What a page says is in force: of what is kept, what the rows as they are shown still bear out. */
const shown = (town: TestTown) => {
	const tables = new Proxy(
		{},
		{ get: (_, entity: string) => ({ get: (key: string) => town.live.row(entity, key) }) },
	);
	return inForceNow(list(town), tables as never, town.now).reverse();
};
const set = (town: TestTown, part: () => void) =>
	town.live.run({ kind: "test", what: "set", id: null, by: null }, part);

test("LEDGER-10: what an admin sets stands in the list with who, since when, until when and its undo, until it is undone", () =>
	inTown((town) => {
		press(town, "bead.priority", "b1", { priority: "low" });
		expect(list(town)).toEqual([]);
		const { id } = press(town, "town.pause-dispatch", "t", { hours: 2 });
		expect(list(town)).toMatchObject([
			{
				...{ order: id, name: "town.pause-dispatch", target: "t", by: "admin/1", label: "Pause dispatch" },
				...{ since: "2026-03-01T12:00:00.000Z", until: "2026-03-01T14:00:00.000Z" },
				undo: { name: "town.resume-dispatch", params: {} },
			},
		]);
		// Renewed it is one pause still, set since then, and put back as before.
		town.now += 3_600_000;
		press(town, "town.pause-dispatch", "t", { hours: 2 });
		expect(list(town)).toMatchObject([
			{
				...{ since: "2026-03-01T12:00:00.000Z", until: "2026-03-01T15:00:00.000Z", label: "Pause dispatch" },
				undo: { name: "town.resume-dispatch", params: {} },
			},
		]);
		press(town, "review.set-strategy", "api", { strategy: "pr" });
		expect(list(town).map(({ name }) => name)).toEqual(["town.pause-dispatch", "review.set-strategy"]);
		press(town, "town.resume-dispatch", "t");
		const [left] = list(town);
		expect(list(town)).toHaveLength(1);
		press(town, left?.undo?.name ?? "", "api", left?.undo?.params);
		expect(list(town)).toEqual([]);
	}));

test("LEDGER-10: each setting of town and rig and each variable is in force by itself, without its secret", () =>
	inTown((town) => {
		town.call("setTownState", { key: "config", value: {} });
		press(town, "config.set", "t", { key: "max_polecats_per_rig", value: 2 });
		press(town, "config.set", "t", { key: "max_polecats_per_rig", value: 3, rig: "api" });
		press(town, "config.set-env", "t", { name: "ONE" }, { secret: "not-to-be-seen" });
		town.now += 3_600_000;
		press(town, "config.set-env", "t", { name: "TWO" }, { secret: "not-to-be-seen" });
		town.now += 3_600_000;
		expect(shown(town)).toHaveLength(4);
		expect(JSON.stringify(list(town))).not.toContain("not-to-be-seen");
		press(town, "config.set", "t", { key: "max_polecats_per_rig", value: 4, rig: "api" });
		expect(shown(town)).toHaveLength(4);
		const ofOne = list(town).find(({ undo }) => undo?.params.name === "ONE");
		press(town, "config.set-env", "t", ofOne?.undo?.params);
		town.now += 3_600_000;
		expect(shown(town).map(({ undo }) => undo?.params.name ?? undo?.params.rig)).toEqual([
			null,
			"TWO",
			"api",
		]);
	}));

test("LEDGER-10: what somebody else has changed since, or what has ended, is forgotten with the next that is set", () =>
	inTown((town) => {
		press(town, "container.pause", "t", { hours: 1 });
		press(town, "town.pause-dispatch", "t", { hours: 1 });
		town.call("setTownState", { key: "run_policy", value: { policy: "automatic", by: "u/1" } });
		town.now += 2 * 3_600_000;
		press(town, "review.set-strategy", "api", { strategy: "pr" });
		expect(list(town).map(({ name }) => name)).toEqual(["review.set-strategy"]);
	}));

test("a reset of the circuit breaker counts failures anew, and it opens again after as many new ones", () =>
	inTown((town) => {
		const fail = () =>
			town.town.sql.run(
				"UPDATE beads SET dispatch_attempts = 1, last_dispatch_error = 'no image', last_dispatch_attempt_at = ? WHERE type = 'issue'",
				new Date(town.now).toISOString(),
			);
		set(town, () => {
			fail();
			setTownValue(town.town, "circuit", {
				since: "2026-03-01T12:00:00Z",
				failing_beads: 6,
				message: "6 failed",
			});
		});
		expect(dispatchHolds(town.town).failingBeads).toBe(6);
		town.now += 1_000;
		press(town, "town.reset-breaker", "t");
		expect(town.state("circuit")).toBeNull();
		expect(dispatchHolds(town.town).failingBeads).toBe(0);
		expect(list(town)).toMatchObject([{ until: "2026-03-01T12:30:01.000Z", undo: null }]);
		town.now += 1_000;
		set(town, fail);
		expect(dispatchHolds(town.town).failingBeads).toBe(6);
	}));

test("an alarm that was lost is set anew, though nothing earlier was planned", () =>
	inTown(async (town) => {
		town.agenda.set("tick", town.now - 60_000);
		press(town, "town.rearm-alarm", "t");
		expect(town.agenda.due("tick")).toBe(town.now);
		expect(town.state("look_order")).toMatchObject({ by: "admin/1", looked_at: null });
	}));
