import { expect, test } from "vitest";
import { diagnose } from "../../../shared/diagnosis/index.ts";
import type { TownView } from "../../../shared/town-view/index.ts";
import type { LiveOps } from "../../../worker/live-ops/index.ts";
import { HealthView } from "../../../worker/town/health-view.ts";
import { inTown, type TestTown } from "../interventions/town.ts";

const tables = (view: TownView) => ({
	tables: view.tables,
	indexes: view.indexes,
	position: view.position,
});
const anew = (town: TestTown) => new HealthView(town.live, town.town).now();

test("TOWN-6: a view that follows the log is the one that a reading of every row gives, and so is what is found in it", () =>
	inTown((town) => {
		const health = new HealthView(town.live, town.town);
		const first = health.now();
		const steps: (() => unknown)[] = [
			() => town.call("createBead", { id: "b9", title: "Nine", body: "text", rig_id: "api" }),
			() => town.work("toast", "b9"),
			() => town.call("updateBead", { bead_id: "b9", fields: { title: "Neun", body: "other text" } }),
			() => town.call("addDependency", { bead_id: "b1", depends_on_bead_id: "b9" }),
			() => town.interventions.apply(town.order("agent.reset", "toast")),
			() => town.interventions.apply(town.order("bead.fail", "b2")),
			() => town.call("removeDependency", { bead_id: "b1", depends_on_bead_id: "b9" }),
			() => {},
		];
		for (const step of steps) {
			step();
			const view = health.now();
			expect(tables(view)).toEqual(tables(anew(town)));
			expect(diagnose(view, town.now)).toEqual(diagnose(anew(town), town.now));
			expect(view).toBe(first);
		}
		expect(first.tables.beads.get("b9")).toMatchObject({ title: "Neun", body: null });
	}));

test("TOWN-6: a log that does not continue the view, or has gone on too far, is read anew", () =>
	inTown((town) => {
		const pages: ReturnType<LiveOps["page"]>[] = [
			{ reset: "mark" },
			{ frames: [], position: town.live.head(), more: true },
		];
		const live = { head: () => town.live.head(), page: () => pages.shift() as ReturnType<LiveOps["page"]> };
		const health = new HealthView(live, town.town);
		const views = [health.now()];
		for (const title of ["One more", "And one"]) {
			town.call("createBead", { title, rig_id: "api" });
			views.push(health.now());
			expect(tables(views.at(-1) as TownView)).toEqual(tables(anew(town)));
		}
		expect(new Set(views).size).toBe(3);
	}));
