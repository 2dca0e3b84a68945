import { diagnose } from "../../shared/diagnosis/index.ts";
import type { Batch } from "../../shared/protocol/index.ts";
import { applyBatch, type TownView } from "../../shared/town-view/index.ts";
import { NOW } from "../shared/diagnosis/town.ts";
import { figure, markdown, median, percentile } from "./figures.ts";
import { sickTown, wellTown } from "./sick-town.ts";

const REPEATS = 200;
/** What a busy town of 40 agents writes within one frame. */
const CHANGES = 40;

/** What every update costs a page that shows a town, and the town's own look: all rules at once, beside the fold of a frame. */
export async function benchDiagnosis(): Promise<string> {
	const towns = [
		["nothing wrong", wellTown()],
		["all agents and rigs ill, one bead in ten", sickTown(0.1)],
		["everything ill at once", sickTown(1)],
	] as const;
	const rows = towns.map(([name, view]) => {
		const { findings, notices } = diagnose(view, NOW);
		const folds: number[] = [];
		const looks: number[] = [];
		// In turn, so that what else the machine does meets both.
		for (let n = 0; n < REPEATS; n++) {
			folds.push(timedNow(() => fold(view, n)));
			looks.push(timedNow(() => diagnose(view, NOW + n)));
		}
		const warm = <T>(values: T[]) => values.slice(REPEATS / 4);
		const [look, frame] = [median(warm(looks)), median(warm(folds))];
		return [
			name,
			`${findings.length} and ${notices.length}`,
			figure(look),
			figure(percentile(warm(looks), 95)),
			figure(frame),
			`${figure(look / frame)} ×`,
		];
	});
	return markdown(
		["2,000 beads, 40 agents", "findings and notices", "all rules: ms, p50", "p95", `fold of ${CHANGES} changes: ms`, "ratio"],
		rows,
	); // biome-ignore format: short
}

function timedNow(work: () => unknown): number {
	const begin = performance.now();
	work();
	return performance.now() - begin;
}

/** One frame: rows of beads as they are, once more. */
function fold(view: TownView, n: number): void {
	const beads = [...view.tables.beads.values()].slice(n % 100, (n % 100) + CHANGES);
	const from = (view.position?.seq ?? 0) + 1;
	const changes = beads.map((bead, at) => [from + at, "beads", bead.bead_id, "put", { ...bead }]);
	const batch = { from, to: from + changes.length - 1, at: NOW, cause: null, mark: "m", changes };
	applyBatch(view, batch as unknown as Batch);
}
