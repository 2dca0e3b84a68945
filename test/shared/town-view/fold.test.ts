import fc from "fast-check";
import { expect, test } from "vitest";
import type { TownEntity } from "../../../shared/gastown/index.ts";
import type { Batch, Change, State } from "../../../shared/protocol/index.ts";
import {
	applyBatch, applyChanges, blockerChain, emptyTown, findInTown, keyOf, lookupOf, stateBuilder, type TownView,
} from "../../../shared/town-view/index.ts"; // biome-ignore format: a list

type Rows = Map<TownEntity, Map<string, Record<string, unknown>>>;
const position = (seq: number) => ({ epoch: "e", seq, mark: `m${seq}` });

/** The chunks that a town with these rows would send at `seq`, `size` rows each. */
function chunks(rows: Rows, seq: number, size: number): State[] {
	const all = [...rows].flatMap(([entity, list]) => [...list.values()].map((row) => [entity, row] as const));
	const parts = Math.max(1, Math.ceil(all.length / size));
	return Array.from({ length: parts }, (_, i) => ({
		t: "state" as const, position: position(seq), reason: "first" as const, part: i, last: i === parts - 1,
		total: all.length, tables: all.slice(i * size, (i + 1) * size).map(([entity, row]) => [entity, [row]]),
	})); // biome-ignore format: short
}

function load(rows: Rows, seq: number, size = 3): TownView {
	const builder = stateBuilder();
	for (const chunk of chunks(rows, seq, size)) {
		const built = builder.add(chunk);
		if (built.done) return built.view;
	}
	throw new Error("the state never became whole");
}

const id = fc.constantFrom("a", "b", "c", "d", "e");
const orNull = fc.option(id);
const bead = fc.record({
	bead_id: id, type: fc.constantFrom("issue", "agent", "weird"), title: fc.string(), rig_id: orNull,
	status: fc.constantFrom("open", "closed", "failed"), assignee_agent_bead_id: orNull,
}); // biome-ignore format: short
const agent = fc.record({ bead_id: id, identity: id, status: id, current_hook_bead_id: orNull });
const dependency = fc.record({
	bead_id: id, depends_on_bead_id: id, dependency_type: fc.constantFrom("blocks", "tracks", "new-kind"),
}); // biome-ignore format: short
const write = fc.oneof(
	fc.tuple(fc.constant<TownEntity>("beads"), fc.boolean(), bead),
	fc.tuple(fc.constant<TownEntity>("agent_metadata"), fc.boolean(), agent),
	fc.tuple(fc.constant<TownEntity>("bead_dependencies"), fc.boolean(), dependency),
);

const plain = (view: TownView) =>
	Object.fromEntries(
		Object.entries(view.tables).map(([entity, rows]) => [
			entity,
			[...(rows as Map<string, unknown>)].sort(([a], [b]) => (a < b ? -1 : 1)),
		]),
	);
const indexed = (view: TownView) =>
	Object.entries(view.indexes).map(([name, index]) => [
		name,
		[...index]
			.map(([value, keys]) => [value, [...keys].sort()] as const)
			.sort(([a], [b]) => (a < b ? -1 : 1)),
	]);

test("FEED-3: a state and the changes after it are the state read later, indexes included", () => {
	fc.assert(
		fc.property(fc.array(fc.array(write, { maxLength: 4 }), { maxLength: 12 }), fc.nat(12), (runs, cut) => {
			const rows: Rows = new Map();
			const batches: Batch[] = [];
			let seq = 0;
			let early = load(rows, 0);
			for (const [n, run] of runs.entries()) {
				if (n === cut) early = load(rows, seq);
				const changes: Change[] = run.map(([entity, gone, row]) => {
					const key = keyOf(entity, row);
					const table = rows.get(entity) ?? new Map();
					rows.set(entity, table);
					if (gone) table.delete(key);
					else table.set(key, row);
					return [++seq, entity, key, gone ? "del" : "put", gone ? null : row];
				});
				if (changes.length)
					batches.push({
						from: seq - changes.length + 1,
						to: seq,
						at: n,
						cause: null,
						mark: `m${seq}`,
						changes,
					});
			}
			expect(
				applyChanges(early, {
					t: "changes",
					epoch: "e",
					from: 1,
					to: seq,
					mark: `m${seq}`,
					sent_at: 0,
					batches,
				}),
			).toEqual({ ok: true });
			const later = load(rows, seq, 1);
			expect(plain(early)).toEqual(plain(later));
			expect(indexed(early)).toEqual(indexed(later));
			expect(early.position).toEqual(later.position);
		}),
	);
});

const put = (seq: number, entity: string, key: string, row: unknown): Change => [
	seq,
	entity,
	key,
	"put",
	row,
];
const batchOf = (from: number, changes: Change[]): Batch => ({
	from, to: from + changes.length - 1, at: 1_000 + from, cause: null, mark: `m${from}`, changes,
}); // biome-ignore format: short

test("FEED-3: a new state is handed out only with its last chunk, and never with one missing", () => {
	const rows: Rows = new Map([
		["rigs", new Map(["a", "b", "c"].map((key) => [key, { id: key, name: key, created_at: "" }]))],
	]);
	const [first, second, third] = chunks(rows, 7, 1) as [State, State, State];
	const builder = stateBuilder();
	expect(builder.add(first)).toEqual({ done: false, rows: 1, total: 3 });
	expect(builder.add(second)).toEqual({ done: false, rows: 2, total: 3 });
	expect(builder.add(third)).toMatchObject({ done: true, view: { position: position(7) } });
	builder.add(first);
	expect(builder.add(third)).toMatchObject({ broken: true });
	expect(stateBuilder().add(third)).toMatchObject({ broken: true });
});

test("FEED-5: a batch is applied whole and in order; one seen before or one that does not follow changes nothing", () => {
	const view = load(new Map(), 4);
	const next = batchOf(5, [put(5, "rigs", "r", { id: "r", name: "api" }), put(6, "rigs", "s", { id: "s" })]);
	expect(applyBatch(view, batchOf(6, [put(6, "rigs", "x", {})]))).toEqual({
		ok: false,
		why: "gap",
		expected: 5,
	});
	expect(view.tables.rigs.size).toBe(0);
	expect(applyBatch(view, next)).toEqual({ ok: true });
	expect(applyBatch(view, next)).toEqual({ ok: false, why: "old", expected: 7 });
	expect(view.tables.rigs.size).toBe(2);
	expect(view.touched.get("rigs/s")).toEqual({ seq: 6, at: 1_005 });
	const other = { t: "changes" as const, epoch: "f", from: 1, to: 0, mark: "", sent_at: 0, batches: [] };
	expect(applyChanges(view, other)).toMatchObject({ why: "epoch" });
});

test("§5: unknown entities and values are kept, and a row that does not parse breaks nothing", () => {
	const view = load(new Map(), 0);
	applyBatch(
		view,
		batchOf(1, [
			put(1, "beads", "x", { bead_id: "x", title: 7, status: "sleeping", labels: 3, novel: true }),
			put(2, "beads", "y", "not a row"),
			put(3, "wasteland", "w", { connection_id: "w" }),
		]),
	);
	expect(view.tables.beads.get("x")).toMatchObject({
		title: "7",
		status: "sleeping",
		rig_id: null,
		novel: true,
	});
	expect(view.tables.beads.get("y")).toMatchObject({ bead_id: "y", title: "", status: "" });
	expect(view.odd.get("beads/y")).toBe("not a row");
	expect(view.others.get("wasteland")?.get("w")).toEqual({ connection_id: "w" });
	expect(lookupOf(view).bead("x")?.status).toBe("sleeping");
});

test("FEED-4: of a journal only the newest rows stay", () => {
	const view = load(new Map(), 0);
	const changes = Array.from({ length: 600 }, (_, i) => put(i + 1, "container_events", `${i}`, { id: i }));
	applyBatch(view, batchOf(1, changes));
	expect([...view.tables.container_events.keys()].at(0)).toBe("100");
	expect(view.tables.container_events.size).toBe(500);
});

test("a chain of blockers ends at what can be acted on, also in a cycle", () => {
	const view = load(new Map(), 0);
	let seq = 0;
	const beadAt = (key: string, status: string) =>
		put(++seq, "beads", key, { bead_id: key, type: "issue", status });
	const blocks = (from: string, to: string) =>
		put(++seq, "bead_dependencies", `["${from}", "${to}"]`, {
			bead_id: from, depends_on_bead_id: to, dependency_type: "blocks",
		}); // biome-ignore format: short
	applyBatch(
		view,
		batchOf(1, [
			beadAt("a", "open"), beadAt("b", "open"), beadAt("c", "failed"), beadAt("d", "closed"), blocks("a", "b"),
			blocks("b", "c"), blocks("a", "d"), beadAt("p", "open"), beadAt("q", "open"), blocks("p", "q"),
			blocks("q", "p"), blocks("d", "gone"), beadAt("e", "open"), blocks("e", "gone"),
		]),
	); // biome-ignore format: short
	expect(blockerChain(view, "a")).toEqual({ path: ["b", "c"], end: "failed" });
	expect(blockerChain(view, "p")).toEqual({ path: ["q", "p"], end: "cycle" });
	expect(blockerChain(view, "e")).toEqual({ path: ["gone"], end: "missing" });
	expect(blockerChain(view, "c")).toBeNull();
});

test("versions count on from the view that a new state replaces", () => {
	const before = load(new Map(), 0);
	before.versions.beads = 41;
	expect(emptyTown(before).versions.beads).toBe(42);
});

test("the find box matches ids, titles, names, branches and PR URLs, whole ids first", () => {
	const view = load(new Map(), 0);
	applyBatch(
		view,
		batchOf(1, [
			put(1, "beads", "b-1", { bead_id: "b-1", title: "Mentions m-1", type: "issue" }),
			put(2, "beads", "m-1", { bead_id: "m-1", title: "Merge login", type: "merge_request" }),
			put(3, "review_metadata", "m-1", {
				bead_id: "m-1",
				branch: "toast/7be1",
				pr_url: "https://forge/pull/7",
			}),
			put(4, "beads", "t", { bead_id: "t", title: "Toast", type: "agent" }),
			put(5, "agent_metadata", "t", { bead_id: "t", identity: "toast@api" }),
		]),
	);
	const found = (text: string) => findInTown(view, text).map(({ id, by }) => `${id} by ${by}`);
	expect(found("m-1")).toEqual(["m-1 by id", "b-1 by title"]);
	expect(found("toast")).toEqual(["t by name", "m-1 by branch"]);
	expect(found("PULL/7")).toEqual(["m-1 by pull request"]);
	expect(found(" ")).toEqual([]);
});
