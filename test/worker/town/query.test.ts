import { expect, test } from "vitest";
import type { Question } from "../../../shared/protocol/index.ts";
import { stateOf } from "./feed.ts";
import { workingTown } from "./support.ts";

test("TOWN-5: a bead in review leaves the list complete, on the feed and in the rows", async () => {
	const town = await workingTown("in-review");
	for (const id of ["b-2", "b-3"]) await town.must("createBead", { id, title: id, rig_id: "rig-1" });
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	await town.must("startDispatch", { agent_id: town.toast });
	const { merge_request_id: mr } = await town.must<{ merge_request_id: string }>("agentDone", {
		agent_id: town.toast,
	});
	const beads = (await stateOf(town)).get("beads") ?? [];
	expect(beads.map((bead) => [bead.bead_id, bead.status])).toEqual([
		[town.toast, "open"],
		["bead-1", "in_review"],
		["b-2", "open"],
		["b-3", "open"],
		[mr, "open"],
	]);
});

test("TOWN-5: a status, type and JSON that nobody knows render as they are and break no list", async () => {
	const town = await workingTown("unknown");
	await town.inside((_, state) => {
		state.storage.sql.exec(
			"UPDATE beads SET status = 'quarantined', type = 'dream', labels = '{not json', metadata = '[1]' WHERE bead_id = 'bead-1'",
		);
	});
	const beads = (await stateOf(town)).get("beads") ?? [];
	expect(beads).toHaveLength(2);
	expect(beads.find((bead) => bead.bead_id === "bead-1")).toMatchObject({
		status: "quarantined",
		type: "dream",
		labels: "{not json",
		metadata: [1],
	});
	expect(await town.call("closeBead", { bead_id: "bead-1" })).toMatchObject({
		code: "unknown-state",
		details: { from: "quarantined", event: "close" },
	});
	expect(await town.call("hookBead", { agent_id: town.toast, bead_id: "bead-1" })).toMatchObject({
		ok: false,
	});
});

test("TOWN-5: labels that are no JSON do not keep a rig's beads from being started", async () => {
	const town = await workingTown("odd-labels");
	await town.must("createBead", { id: "bead-2", title: "Second", rig_id: "rig-1", labels: ["door"] });
	await town.inside((_, state) => {
		state.storage.sql.exec("UPDATE beads SET labels = '{not json' WHERE bead_id = 'bead-1'");
	});
	expect(await town.must<{ beads: object[] }>("readyBeads", { rig_id: "rig-1" })).toMatchObject({
		beads: [
			{ bead_id: "bead-1", labels: [] },
			{ bead_id: "bead-2", labels: ["door"] },
		],
	});
});

test("TOWN-5: older journal rows come newest first by a stable key, and a read that fails never looks empty", async () => {
	const town = await workingTown("older");
	await town.setClock(1_000_000_000_000);
	// All in the same millisecond: only a stable key keeps their order.
	for (let n = 0; n < 7; n++) await town.report("container-events", { type: "health", reason: `${n}` });
	const page = async (before: string | null) => {
		const answer = await town.stub.query({
			kind: "journal",
			entity: "container_events",
			where: {},
			before,
			limit: 3,
		});
		if ("ok" in answer) throw new Error(answer.message);
		return {
			reasons: answer.rows.map((row) => (row as { reason: string }).reason),
			more: answer.more,
			rows: answer.rows,
		};
	};
	const first = await page(null);
	expect(first).toMatchObject({ reasons: ["6", "5", "4"], more: true });
	const second = await page(String((first.rows.at(-1) as { id: number }).id));
	expect(second).toMatchObject({ reasons: ["3", "2", "1"], more: true });
	expect(await page(String((second.rows.at(-1) as { id: number }).id))).toMatchObject({
		reasons: ["0"],
		more: false,
	});

	const refused: [Partial<Question>, string][] = [
		[{ entity: "town_secrets" }, "unknown-entity"],
		[{ entity: "constructor" }, "unknown-entity"],
		[{ entity: "beads" }, "not-a-journal"],
		[{ entity: "bead_events", where: { "1=1 --": "x" } }, "unknown-column"],
		[{ entity: "bead_events", before: "nowhere" }, "no-such-row"],
	];
	for (const [part, code] of refused) {
		const question = { kind: "journal", where: {}, before: null, limit: 10, ...part } as Question;
		expect(await town.stub.query(question), code).toMatchObject({ ok: false, code });
	}
	expect(await town.stub.query({ kind: "stream", agent: town.toast, before: 1, bytes: 10 })).toMatchObject({
		ok: false,
		code: "not-here",
	});
});

test("SCHED-9: what the next look would do is told on demand and changes nothing; a town without a scheduler says so", async () => {
	const town = await workingTown("plan");
	await town.inside((instance) => {
		instance.schedules = false;
	});
	expect(await town.stub.query({ kind: "plan" })).toMatchObject({ ok: false, code: "no-scheduler" });
	const told = await town.inside(async (instance, state) => {
		instance.schedules = true;
		const head = () => state.storage.sql.exec("SELECT max(seq) AS seq FROM change_log").one().seq;
		const before = head();
		const answer = await instance.query({ kind: "plan" });
		return { answer, changed: head() !== before };
	});
	expect(told).toMatchObject({ changed: false, answer: { more: false } });
	expect("rows" in told.answer && told.answer.rows).toContainEqual(
		expect.objectContaining({ type: "start_container", why: expect.stringContaining("is ready") }),
	);
});
