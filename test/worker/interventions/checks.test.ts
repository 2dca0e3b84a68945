import { expect, test } from "vitest";
import { beadEvents, dispatchAttempts, TOWN_TABLES, type TownEntity } from "../../../shared/gastown/index.ts";
import { CATALOGUE } from "../../../shared/interventions/index.ts";
import { emptyTown, keyOf, lookupOf as lookupOfView, put } from "../../../shared/town-view/index.ts";
import { lookupOf } from "../../../worker/town/interventions/lookup.ts";
import { listRows } from "../../../worker/town/rows.ts";
import { inTown } from "./town.ts";

test("LEDGER-5: a field that the entry depends on and that has changed refuses the click, naming it", () =>
	inTown((town) => {
		town.work("toast", "b1");
		const order = town.order("agent.reset", "toast");
		town.exit("toast");
		town.call("unhookBead", { agent_id: "toast" });
		town.work("toast", "b2", "5000");
		const receipt = town.interventions.apply(order);
		expect(receipt).toMatchObject({ outcome: "refused", code: "changed", seq: 0 });
		expect(receipt.message).toContain("its hook changed from b1 to b2");
		expect(receipt.message).toContain("its process changed from 4121 to 5000");
		expect(town.agent("toast")?.current_hook_bead_id).toBe("b2");
	}));

test("LEDGER-9: a later step of a remedy goes by what is there: the town may have gone on since the step before it", () =>
	inTown((town) => {
		const order = { ...town.order("agent.reset", "toast"), goes_on: true };
		town.work("toast", "b1");
		expect(town.interventions.apply(order)).toMatchObject({ outcome: "applied" });
		expect(town.agent("toast")?.current_hook_bead_id).toBeNull();
	}));

test("LEDGER-5: where another admin's intervention changed the field, the refusal names them and what they did", () =>
	inTown(async (town) => {
		// Each order comes in a turn of its own: what is before it stands in a batch (FEED-5).
		const turn = () => Promise.resolve();
		await turn();
		const order = town.order("bead.fail", "b1");
		town.interventions.apply({ ...town.order("bead.close", "b1"), admin: "admin/2" });
		await turn();
		town.call("updateBead", { bead_id: "b1", fields: { title: "Renamed" } });
		await turn();
		expect(town.interventions.apply(order).message).toBe(
			"Not done: its status changed from open to closed by admin/2 (bead.close), after you looked. Nothing was changed.",
		);
		const second = town.order("bead.fail", "b2");
		town.call("closeBead", { bead_id: "b2", actor: "refinery" });
		expect(town.interventions.apply(second).message).not.toContain(" by ");
	}));

test("LEDGER-5: a held bead that is reopened with its release can be dispatched; without it, it stays held", () =>
	inTown((town) => {
		for (const id of ["b1", "b2"]) {
			town.call("updateBead", { bead_id: id, fields: { labels: ["gt:held", "red"] } });
			town.call("closeBead", { bead_id: id });
		}
		expect(town.interventions.apply(town.order("bead.reopen", "b1", { release: true })).outcome).toBe(
			"applied",
		);
		expect(town.bead("b1")).toMatchObject({ status: "open", labels: ["red"] });
		expect(town.interventions.apply(town.order("bead.reopen", "b2")).outcome).toBe("applied");
		expect(town.bead("b2")).toMatchObject({ status: "open", labels: ["gt:held", "red"] });
	}));

test("LEDGER-5: what the entry does not depend on does not refuse it: heartbeats, titles, other rows", () =>
	inTown((town) => {
		town.work("toast", "b1");
		const order = town.order("agent.reset", "toast");
		town.now += 90_000;
		town.call("setAgentStatusMessage", { agent_id: "toast", message: "still here" });
		town.call("updateBead", { bead_id: "b1", fields: { title: "Renamed" } });
		expect(town.interventions.apply(order).outcome).toBe("applied");
	}));

test("LEDGER-5: what would change nothing says so, with when and by whom", () =>
	inTown((town) => {
		const order = town.order("bead.close", "b1");
		town.call("closeBead", { bead_id: "b1", actor: "refinery" });
		expect(town.interventions.apply(order)).toMatchObject({
			outcome: "noop", code: "already-closed", message: "Already closed at 12:00:00 UTC by refinery.", seq: 0,
		}); // biome-ignore format: short
		const idle = town.interventions.apply(town.order("agent.reset", "clove"));
		expect(idle).toMatchObject({ outcome: "noop", message: "Already idle, no bead, no process." });
	}));

test("LEDGER-5: unknown names, foreign parameters and targets that are gone are refused, each with its reason", () =>
	inTown((town) => {
		const refusal = (name: string, target: string, params = {}) =>
			town.interventions.apply(town.order(name, target, params));
		expect(refusal("bead.explode", "b1")).toMatchObject({ outcome: "refused", code: "unknown" });
		expect(refusal("constructor", "b1")).toMatchObject({ outcome: "refused", code: "unknown" });
		const params = refusal("bead.priority", "b1", { priority: "urgent" });
		expect(params).toMatchObject({ outcome: "refused", code: "bad-params" });
		expect(params.message).toMatch(/^priority: /);
		expect(refusal("bead.close", "nothing")).toMatchObject({ outcome: "refused", code: "gone" });
		expect(refusal("bead.close", "toast")).toMatchObject({ outcome: "refused", code: "wrong-type" });
		expect(refusal("bead.reassign", "b5", { agent: "toast" })).toMatchObject({ code: "wrong-rig" });
		expect(refusal("bead.reassign", "b1", { agent: "refinery" })).toMatchObject({ code: "wrong-role" });
		expect(refusal("bead.reassign", "b1", { agent: "mayor" })).toMatchObject({ code: "wrong-role" });
	}));

test("agent.reset does everything that it names, and stops the process", () =>
	inTown(async (town) => {
		town.work("toast", "b1");
		const receipt = town.interventions.apply(town.order("agent.reset", "toast"));
		expect(receipt.effects.map((effect) => effect.label)).toEqual([
			"toast is Idle", "toast has no bead on its hook", "process 4121 gone", '"Bead 1" is Open',
		]); // biome-ignore format: short
		expect(town.bead("b1")).toMatchObject({
			status: "open",
			assignee_agent_bead_id: null,
			dispatch_attempts: 0,
		});
		expect(town.agent("toast")).toMatchObject({
			status: "idle",
			dispatch_attempts: 0,
			current_attempt_id: null,
		});
		await town.interventions.runOutside();
		town.exit("toast");
		for (const { entity, key, is } of receipt.effects)
			expect(entity === "beads" ? town.bead(key) : town.agent(key)).toMatchObject(is as object);
	}));

test("taking work from an agent that works ends its session; taking it from none is safe", () =>
	inTown((town) => {
		const look = () => lookupOf(town.town.sql);
		const danger = (name: string, target: string, params = {}) => {
			const entry = CATALOGUE[name];
			return entry?.danger(target, entry.params.parse(params), look());
		};
		expect(danger("bead.close", "b1")).toBe("safe");
		expect(danger("bead.reassign", "b1", { agent: "maple" })).toBe("safe");
		town.work("toast", "b1");
		expect(danger("bead.close", "b1")).toBe("disruptive");
		const { id } = town.interventions.apply(town.order("bead.reassign", "b1", { agent: "maple" }));
		expect(town.interventions.outsideOf(id)).toMatchObject([
			{ subject: "toast", bead: "b1", status: "pending" },
		]);
		expect(town.agent("maple")?.current_hook_bead_id).toBe("b1");
		expect(town.bead("b1")).toMatchObject({ status: "open", assignee_agent_bead_id: "maple" });
		town.call("addDependency", { bead_id: "b3", depends_on_bead_id: "b2" });
		expect(danger("bead.close", "b2")).toBe("disruptive");
		expect(danger("bead.fail", "b2")).toBe("safe");
	}));

test("a merge request that is failed gives its work back to the queue", () =>
	inTown((town) => {
		town.work("toast", "b1");
		const done = town.call("agentDone", { agent_id: "toast", branch: "toast/b1" });
		const mr = (done.ok && (done.value as { merge_request_id: string }).merge_request_id) || "";
		expect(town.bead("b1")?.status).toBe("in_review");
		expect(town.interventions.apply(town.order("bead.close", mr))).toMatchObject({ code: "not-merged" });
		expect(town.interventions.apply(town.order("bead.fail", mr)).outcome).toBe("applied");
		expect(town.bead(mr)).toMatchObject({
			status: "failed",
			metadata: { failure_reason: { code: "admin_force_fail", message: "Case 4711", source: "admin" } },
		});
		expect(town.bead("b1")).toMatchObject({ status: "open", assignee_agent_bead_id: null });
		expect(town.interventions.apply(town.order("bead.reopen", mr))).toMatchObject({
			code: "source-moved-on",
		});
	}));

test("LEDGER-5: browser and town read the same of a target and its neighbours", () =>
	inTown((town) => {
		town.work("toast", "b1");
		town.call("addDependency", { bead_id: "b3", depends_on_bead_id: "b1" });
		town.call("hookBead", { agent_id: "maple", bead_id: "b2" });
		town.call("agentDone", { agent_id: "toast", branch: "x" });
		town.call("closeBead", { bead_id: "b4", actor: "u/1" });
		town.call("setTownState", { key: "drain", value: { nonce: "n" } });
		const view = emptyTown();
		for (const entity of Object.keys(TOWN_TABLES) as TownEntity[])
			for (const row of listRows(town.town.sql, TOWN_TABLES[entity]))
				put(view, entity, keyOf(entity, row), row, null);
		const [page, sql] = [lookupOfView(view), lookupOf(town.town.sql)];
		const sorted = (rows: object[]) => rows.map((row) => JSON.stringify(row)).sort();
		for (const id of ["b1", "b2", "b3", "b4", "toast", "maple", "mayor", "nothing"]) {
			expect(page.bead(id)).toEqual(sql.bead(id));
			expect(page.agent(id)).toEqual(sql.agent(id));
			expect(page.statusChangedBy(id)).toEqual(sql.statusChangedBy(id));
			for (const read of ["agentsHookedTo", "beadsAssignedTo", "dependenciesOf", "dependentsOf"] as const)
				expect(sorted(page[read](id)), `${read} ${id}`).toEqual(sorted(sql[read](id)));
		}
		expect(sorted(page.agentsOfRig("api"))).toEqual(sorted(sql.agentsOfRig("api")));
		expect(sorted(page.agentsOfRig(null))).toEqual(sorted(sql.agentsOfRig(null)));
		expect(page.rig("api")).toEqual(sql.rig("api"));
		expect(page.town("drain")).toEqual(sql.town("drain"));
		expect(sql.statusChangedBy("b4")).toBe("u/1");
	}));

test("TOWN-1, TOWN-5: a failed bead goes back into its standing review by its own move, whatever its metadata is", () =>
	inTown((town) => {
		town.work("toast", "b1");
		town.call("agentDone", { agent_id: "toast", branch: "toast/b1" });
		town.call("updateBeadStatus", { bead_id: "b1", status: "failed" });
		town.live.run({ kind: "test", what: "damage", id: null, by: null }, () =>
			town.town.sql.run("UPDATE beads SET metadata = '{not json' WHERE bead_id = 'b1'"),
		);
		const back = town.interventions.apply(
			town.order("bead.reopen", "b1", { to: "in_review", clear_attempts: false }),
		);
		expect(back.outcome).toBe("applied");
		expect(town.bead("b1")).toMatchObject({ status: "in_review", closed_at: null, metadata: "{not json" });
		const [event] = listRows(town.town.sql, beadEvents, "WHERE bead_id = 'b1' ORDER BY rowid DESC LIMIT 1");
		expect(event).toMatchObject({
			old_value: "failed",
			new_value: "in_review",
			metadata: { move: "resubmit" },
		});
	}));

test("LEDGER-12: a bead given to the agent that drifted away from it ends the start that came before", () =>
	inTown((town) => {
		town.work("toast", "b1");
		const attempt = town.agent("toast")?.current_attempt_id;
		town.live.run({ kind: "test", what: "drift", id: null, by: null }, () => {
			town.town.sql.run("UPDATE agent_metadata SET status = 'idle' WHERE bead_id = 'toast'");
			town.town.sql.run("UPDATE beads SET assignee_agent_bead_id = NULL WHERE bead_id = 'b1'");
		});
		const given = town.interventions.apply(town.order("bead.reassign", "b1", { agent: "toast" }));
		expect(given.outcome).toBe("applied");
		expect(town.agent("toast")?.current_attempt_id).toBeNull();
		const [row] = listRows(town.town.sql, dispatchAttempts, "WHERE attempt_id = ?", attempt ?? "");
		expect(row?.ended_at).not.toBeNull();
	}));
