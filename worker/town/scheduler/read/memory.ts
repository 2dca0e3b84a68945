import type { Town } from "../../town.ts";
import { readBeads } from "./beads.ts";

/**
 * The beads of the last look. While the log has no change of them since, they are not read again: of a large town that is most of
 * a look (SCHED-5). Nobody changes what it gave out.
 */
export class BeadMemory {
	#last: { seq: number; held: string; read: ReturnType<typeof readBeads> } | null = null;

	read(town: Town, held: ReadonlySet<string>): ReturnType<typeof readBeads> {
		const holding = JSON.stringify([...held].sort());
		const head = town.sql.one<{ seq: number | null }>("SELECT max(seq) AS seq FROM change_log");
		const seq = head?.seq ?? 0;
		const last = this.#last;
		const same = last?.held === holding && !hasChanged(town, last.seq);
		this.#last = { seq, held: holding, read: same ? last.read : readBeads(town, held) };
		return this.#last.read;
	}
}

const hasChanged = (town: Town, since: number): boolean =>
	town.sql.one(
		"SELECT 1 FROM change_log WHERE seq > ? AND entity IN ('beads', 'bead_dependencies') LIMIT 1",
		since,
	) !== null;
