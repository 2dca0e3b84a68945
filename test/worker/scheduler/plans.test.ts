import { expect, it } from "vitest";
import { TOWN_TABLES } from "../../../shared/gastown/index.ts";
import { openEpoch } from "../../../worker/live-ops/epoch.ts";
import { observe } from "../../../worker/town/scheduler/observe.ts";
import { workingTown } from "../town/support.ts";
import { schedulerOf } from "./support.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
/** What grows with a town's history. */
const GROWS = [
	"beads",
	"bead_dependencies",
	"review_metadata",
	"convoy_metadata",
	"agent_nudges",
	"dispatch_attempts",
];

it("SCHED-5: a look searches lists by their indexes and scans none that grows with history", async () => {
	const { inside } = await workingTown("s-plans", START);
	await inside((_, ctx) => {
		const { town } = schedulerOf("s-plans", ctx, START);
		const asked: { sql: string; values: unknown[] }[] = [];
		const all = town.sql.all.bind(town.sql);
		const watched = Object.assign(Object.create(town.sql), {
			all: (sql: string, ...values: never[]) => {
				asked.push({ sql, values });
				return all(sql, ...values);
			},
		});
		observe({ ...town, sql: watched });
		expect(asked.length).toBeGreaterThan(6);
		for (const { sql, values } of asked) {
			const plan = all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...(values as never[]));
			const aliases = new Map(
				[
					...sql.matchAll(
						/(?:FROM|JOIN)\s+(\w+)(?:\s+(?!ON\b|CROSS\b|WHERE\b|ORDER\b|JOIN\b|LEFT\b)(\w+))?/g,
					),
				].map(([, table = "", alias]) => [alias ?? table, table]),
			);
			const scanned = plan.flatMap(({ detail }) => {
				const [, name = ""] = /^SCAN (\w+)/.exec(detail) ?? [];
				return GROWS.includes(aliases.get(name) ?? name) ? [detail] : [];
			});
			expect(scanned, sql).toEqual([]);
		}
	});
});

it("FEED-2: an index more is no other epoch", async () => {
	const { inside } = await workingTown("s-epoch", START);
	await inside((_, ctx) => {
		const { town } = schedulerOf("s-epoch", ctx, START);
		const tables = Object.values(TOWN_TABLES);
		const before = openEpoch(town.sql, tables, () => "another");
		const more = tables.map((table) => ({
			...table,
			indexes: [...table.indexes, Object.keys(table.columns)[0] ?? ""],
		}));
		expect(openEpoch(town.sql, more, () => "another")).toBe(before);
		expect(openEpoch(town.sql, tables.slice(1), () => "another")).toBe("another");
	});
});
