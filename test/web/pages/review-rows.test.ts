import { expect, test } from "vitest";
import { beadGraph } from "../../../web/graph/graph-data.ts";
import { place } from "../../../web/graph/layout.ts";
import { convoyRows } from "../../../web/town/convoy-rows.ts";
import { reviewQueues } from "../../../web/town/review-rows.ts";
import { aBead, anAgent, blocks, container, NOW, townOf, works } from "../../shared/diagnosis/town.ts";

const tracks = (bead_id: string, depends_on_bead_id: string) => ({
	...{ bead_id, depends_on_bead_id, dependency_type: "tracks" },
});
const review = (bead_id: string, row: Record<string, unknown> = {}) => ({
	...{
		bead_id,
		branch: `b/${bead_id}`,
		target_branch: "main",
		merge_commit: null,
		pr_url: null,
		retry_count: 0,
	},
	...{ auto_merge_ready_since: null, last_feedback_check_at: null, pr_state: null, mergeable_state: null },
	...{ last_poll_at: null, poll_failures: 0, poll_error_kind: null, poll_error: null, conflict_files: [] },
	...{ queue_at: null, change: null, ...row },
});
const mr = (bead_id: string, row: Record<string, unknown> = {}) =>
	aBead(bead_id, { type: "merge_request", ...row });

test("a queue shows who is under review, then those that wait by their place, then those whose pull requests are watched", () => {
	const view = townOf({
		agent_metadata: [anAgent("ref", { role: "refinery", ...works("now") })],
		beads: [
			...["a", "b"].map((id) => aBead(id, { status: "open" })),
			mr("watched", { status: "in_review" }),
			mr("late"),
			mr("urgent", { priority: "critical" }),
			mr("first", { priority: "low" }),
			mr("now", { status: "in_progress" }),
			mr("lost", { status: "failed" }),
			mr("old", { status: "failed", created_at: "2026-01-01T00:00:00Z" }),
			mr("new", { status: "failed" }),
		],
		bead_dependencies: [tracks("lost", "a"), tracks("old", "b"), tracks("new", "b")],
		review_metadata: [
			...["late", "urgent", "now", "lost", "old", "new"].map((id) => review(id)),
			review("first", { queue_at: -1 }),
			review("watched", { pr_url: "https://forge.example/o/shop/pull/1" }),
		],
	});
	const [queue] = reviewQueues(view);
	expect(queue?.rows.map(({ bead, place }) => [bead.bead_id, place])).toEqual([
		["now", null],
		["first", 1],
		["urgent", 2],
		["late", 3],
		["watched", null],
	]);
	expect(queue?.rows[0]?.reviewers).toEqual(["ref"]);
	// Of work with a newer merge request only that one can be taken up again.
	expect(queue?.failed.map(({ bead }) => bead.bead_id)).toEqual(["lost", "new"]);
});

const login = () =>
	townOf({
		beads: [
			aBead("v", { type: "convoy", title: "Login" }),
			aBead("a", { status: "closed" }),
			aBead("b", { status: "failed" }),
			aBead("c"),
			aBead("far"),
		],
		convoy_metadata: [
			{
				...{ bead_id: "v", total_beads: 4, closed_beads: 0, landed_at: null, feature_branch: "convoy/login" },
				...{ merge_mode: "review-then-land", staged: 0, ready_to_land: 0, landing_attempts: 0 },
				...{ last_landing_attempt_at: null, last_landing_error: null },
			},
		],
		bead_dependencies: [
			tracks("a", "v"),
			tracks("b", "v"),
			tracks("c", "v"),
			tracks("deleted", "v"),
			blocks("b", "a"),
			blocks("c", "b"),
			blocks("c", "far"),
		],
		town_state: [container()],
	});

test("CONVOY-1: a convoy says what is stored, what exists, and of each member that is not closed why", () => {
	const [row] = convoyRows(login(), NOW);
	expect(row?.counted).toEqual({ total_beads: 3, closed_beads: 1 });
	expect(row?.missing).toEqual(["deleted"]);
	expect(row?.open.map(({ bead }) => bead.bead_id)).toEqual(["b", "c"]);
	expect(row?.open.every(({ why }) => why.length > 0)).toBe(true);
});

test("the graph of a convoy holds its members and what blocks them, that of a bead all before and behind it; each after its blockers", () => {
	const view = login();
	const graph = beadGraph(view, "v");
	expect(graph.nodes.toSorted()).toEqual(["a", "b", "c", "deleted", "far"]);
	expect(beadGraph(view, "b").nodes.toSorted()).toEqual(["a", "b", "c"]);
	const at = new Map(place(graph, "LR").map((one) => [one.id, one]));
	for (const { from, to } of graph.edges) expect(at.get(from)?.x).toBeLessThan(at.get(to)?.x ?? 0);
	const down = new Map(place(graph, "TB").map((one) => [one.id, one]));
	for (const { from, to } of graph.edges) expect(down.get(from)?.y).toBeLessThan(down.get(to)?.y ?? 0);
});
