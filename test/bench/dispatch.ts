import { nodeViewers, until } from "../../scripts/lib/node-viewer.ts";
import { DEFAULT_THRESHOLDS } from "../../shared/gastown/index.ts";
import type { Changes, Stream } from "../../shared/protocol/index.ts";
import type { Running } from "../support/app.ts";
import { realTown } from "../support/local-world.ts";
import { figure, markdown, median, percentile } from "./figures.ts";
import { atRest } from "./real-town.ts";

const WARM = 10;

/** Of one attempt, epoch milliseconds: its row said `started`, its agent said its first word, and that word was stored. */
type Start = { started: number; said: number; stored: number };

/**
 * Real work in a real town, one bead after the other, by Gastown's own times: milliseconds from the answer to `createBead`
 * until the attempt's row says `started`, and until the first event of its agent. The first bead finds no container.
 */
export async function benchDispatch(app: Running): Promise<string> {
	const town = await realTown(app, { thresholds: DEFAULT_THRESHOLDS, config: { max_polecats_per_rig: 1 } });
	/** By attempt. */
	const starts = new Map<string, Partial<Start>>();
	/** Bead → its first attempt, and who made it. */
	const attempts = new Map<string, { attempt: string; agent: string }>();
	const of = (attempt: string) => {
		const start = starts.get(attempt) ?? {};
		starts.set(attempt, start);
		return start;
	};
	const receive = (text: string) => {
		if (text.startsWith('{"t":"changes"'))
			for (const { at, changes } of (JSON.parse(text) as Changes).batches)
				for (const [, entity, , , row] of changes) {
					if (entity !== "dispatch_attempts" || row === null) continue;
					const { attempt_id, bead_id, agent_id, outcome } = row as Record<string, string>;
					if (outcome !== "started" || !attempt_id || !bead_id || !agent_id) continue;
					of(attempt_id).started ??= at;
					if (!attempts.has(bead_id)) attempts.set(bead_id, { attempt: attempt_id, agent: agent_id });
				}
		if (text.startsWith('{"t":"stream"'))
			for (const { attempt, at, events } of (JSON.parse(text) as Stream).segments) {
				const start = of(attempt ?? "");
				start.stored ??= at;
				start.said ??= events[0]?.[1];
			}
	};
	const viewer = (await nodeViewers(app.settings, undefined, receive))(town.id);
	const measured: Start[] = [];
	try {
		await until(viewer, "live", () => viewer.store.getState().connection.is === "live");
		for (let n = 0; n <= WARM; n++) {
			const [bead = ""] = await town.beads(`Add the helper number ${n}`);
			const asked = Date.now();
			const status = () => viewer.store.getState().view.tables.beads.get(bead)?.status;
			await until(viewer, "merged", () => status() === "closed", 60_000);
			const { attempt = "", agent = "" } = attempts.get(bead) ?? {};
			// The same agent each time, since there may be only one.
			if (n === 0) viewer.follow(agent);
			const start = of(attempt);
			await until(viewer, "told", () => start.stored !== undefined);
			const { started = 0, said = 0, stored = 0 } = start;
			measured.push({ started: started - asked, said: said - asked, stored: stored - asked });
		}
	} finally {
		viewer.close();
		await atRest(app, town);
	}

	const [cold, ...warm] = measured;
	const row = (title: string, key: keyof Start) => {
		const values = warm.map((start) => start[key]);
		return [title, ...[cold?.[key] ?? Number.NaN, median(values), percentile(values, 95)].map(figure)];
	};
	return markdown(
		["milliseconds after createBead was answered", "container started for it", `${WARM} warm: p50`, "p95"],
		[
			row("the attempt's row says started", "started"),
			row("its agent says its first word", "said"),
			row("that word is in the agent's stream", "stored"),
		],
	);
}
