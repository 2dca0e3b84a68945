import { expect, it } from "vitest";
import { REPORTS } from "../../../shared/ingest/index.ts";
import { recordContainerEvent } from "../../../worker/town/container.ts";
import { callTown } from "../../../worker/town/run.ts";
import { observe } from "../../../worker/town/scheduler/observe.ts";
import { insertNudge } from "../../../worker/town/scheduler/perform/agents.ts";
import { reconcile } from "../../../worker/town/scheduler/reconcile.ts";
import { ok } from "../../../worker/town/town.ts";
import { setTownValue, townValue } from "../../../worker/town/town-state.ts";
import { CAUSE, workingTown } from "../town/support.ts";
import { schedulerOf } from "./support.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const MINUTE = 60_000;
/** So many minutes after the start. */
const iso = (minutes: number) => new Date(START + minutes * MINUTE).toISOString();
type Kit = ReturnType<typeof schedulerOf>;

/** Runs in a town with one rig, one polecat and one open bead, whose container is up. */
async function inTown(
	id: string,
	part: (kit: Kit) => Promise<void>,
	prepare?: (town: Awaited<ReturnType<typeof workingTown>>) => Promise<unknown>,
) {
	const town = await workingTown(id, START);
	await prepare?.(town);
	await town.inside(async (_, ctx) => {
		const kit = schedulerOf(id, ctx, START);
		kit.up();
		await part(kit);
	});
}
const nothingToDo = (kit: Kit) => kit.town.sql.run("UPDATE beads SET status = 'closed' WHERE type = 'issue'");
const heard = (kit: Kit) =>
	kit.town.sql.run("INSERT OR REPLACE INTO container_heard (id, at) VALUES (1, ?)", kit.now());
const container = (kit: Kit, event: Record<string, unknown>) =>
	callTown(kit.live, kit.town, CAUSE, (town) =>
		recordContainerEvent(town, REPORTS["container-events"].parse({ reason: "test", ...event })),
	);

it("SCHED-2: a ready bead is given to a free polecat and the container is asked once", () =>
	inTown("s-dispatch", async (kit) => {
		await kit.run(MINUTE);
		expect(kit.arm.count("POST /agents/start")).toBe(1);
		const [bead] = kit.town.sql.all("SELECT status, dispatch_attempts FROM beads WHERE bead_id = 'bead-1'");
		expect(bead).toEqual({ status: "in_progress", dispatch_attempts: 1 });
	}));

it("LEDGER-2: a start that an intervention asked for bears its id to the container's log, and the next one its own", () =>
	inTown("s-order", async (kit) => {
		const sent: unknown[] = [];
		kit.arm.reply = ({ path, key, correlation }) => {
			if (path === "/agents/start") sent.push({ key, correlation });
			return { ok: true, status: sent.length === 1 ? 500 : 200, body: {} };
		};
		kit.town.sql.run("UPDATE beads SET dispatch_order = 'order-1' WHERE bead_id = 'bead-1'");
		await kit.run(2 * MINUTE);
		const [first, second] = kit.town.sql.all(
			"SELECT attempt_id, order_id FROM dispatch_attempts ORDER BY rowid",
		);
		expect([first?.order_id, second?.order_id]).toEqual(["order-1", null]);
		expect(sent).toEqual([
			{ key: first?.attempt_id, correlation: "order-1" },
			{ key: second?.attempt_id, correlation: second?.attempt_id },
		]);
	}));

it("LEDGER-2: an admin's message is delivered under the intervention's id, again until it was taken", () =>
	inTown("s-message", async (kit) => {
		await kit.run(MINUTE);
		const sent: unknown[] = [];
		kit.arm.reply = ({ path, key, correlation }) => {
			if (path.endsWith("/message")) sent.push([key, correlation]);
			return sent.length < 3
				? { ok: false, code: "timeout", message: "late" }
				: { ok: true, status: 200, body: {} };
		};
		const nudge = { id: "order-1", agent: "s-message/toast", message: "Go on.", source: "admin" };
		callTown(kit.live, kit.town, CAUSE, (town) => ok(insertNudge(town, nudge)));
		heard(kit);
		kit.town.sql.run(
			"INSERT OR REPLACE INTO agent_pulse (agent_id, heartbeat_at, copied_at, active_tools) VALUES ('s-message/toast', ?, 0, '[]')",
			kit.now() + MINUTE,
		);
		await kit.run(MINUTE);
		expect(sent).toEqual(Array.from({ length: 3 }, () => ["order-1", "order-1"]));
		const [row] = kit.town.sql.all("SELECT status, error FROM agent_nudges WHERE nudge_id = 'order-1'");
		expect(row).toEqual({ status: "delivered", error: null });
	}));

it("LEDGER-10: a pause of dispatch holds ready work until it ends by itself", () =>
	inTown("s-pause", async (kit) => {
		const pause = { since: iso(0), until: iso(10), by: "admin/1", order: "order-1" };
		callTown(kit.live, kit.town, CAUSE, (town) => ok(setTownValue(town, "dispatch_pause", pause)));
		await kit.run(9 * MINUTE);
		expect(kit.arm.count("POST /agents/start")).toBe(0);
		await kit.run(2 * MINUTE);
		expect(townValue(kit.town, "dispatch_pause")).toBeNull();
		expect(kit.arm.count("POST /agents/start")).toBe(1);
	}));

it("LEDGER-10: a paused container is ended, not started for ready work, and goes on when the pause ends by itself", () =>
	inTown("s-paused", async (kit) => {
		kit.arm.stop = async () => {
			kit.arm.asked.push("stop");
			container(kit, { type: "stop", instance_id: "i-1", exit_code: 0, detail: { ordered: true } });
			return { ok: true, status: 200, body: {} };
		};
		const policy = {
			policy: "paused_by_user",
			since: iso(0),
			until: iso(60),
			by: "admin/1",
			order: "order-1",
		};
		callTown(kit.live, kit.town, CAUSE, (town) => ok(setTownValue(town, "run_policy", policy)));
		await kit.run(5 * MINUTE);
		const before = kit.logged();
		await kit.run(54 * MINUTE);
		expect(kit.arm.asked).toEqual(["stop"]);
		expect(kit.logged()).toBe(before);
		await kit.run(2 * MINUTE);
		expect(townValue(kit.town, "run_policy")).toMatchObject({
			...{ policy: "automatic", by: "scheduler", order: null, until: null },
		});
		expect(kit.arm.count("start")).toBeGreaterThan(0);
	}));

it("SCHED-5: an agent that is refused backs off", () =>
	inTown(
		"s-refused",
		async (kit) => {
			kit.refuseAgents();
			await kit.run(10 * MINUTE);
			const before = kit.logged();
			await kit.run(10 * MINUTE);
			expect(kit.ticks.n).toBeLessThan(300);
			expect(kit.logged() - before).toBeLessThan(20);
		},
		(town) => town.must("createBead", { id: "bead-2", title: "Open the window", rig_id: "rig-1" }),
	));

it("SCHED-4: failures in a row of a silent container are looks apart, not one moment", () =>
	inTown("s-health", async (kit) => {
		nothingToDo(kit);
		heard(kit);
		kit.arm.reply = () => ({ ok: false, code: "unreachable", message: "no answer" });
		kit.at(START + 2 * MINUTE);
		await kit.run(9_000);
		expect(kit.arm.count("GET /health")).toBe(2);
		expect(kit.arm.count("kill")).toBe(0);
		await kit.run(20_000);
		expect(kit.arm.count("kill")).toBe(1);
	}));

it("SCHED-4: a silent container that answers is not asked more than each look", () =>
	inTown("s-silent", async (kit) => {
		nothingToDo(kit);
		heard(kit);
		kit.at(START + 2 * MINUTE);
		await kit.run(MINUTE);
		expect(kit.arm.count("GET /health")).toBeLessThanOrEqual(13);
	}));

it("SCHED-4: restarts of the watchdog use the budget", () =>
	inTown("s-budget", async (kit) => {
		let n = 1;
		kit.town.sql.run("UPDATE agent_metadata SET status = 'dead'");
		kit.town.sql.run("UPDATE beads SET metadata = '{}' WHERE bead_id = 'bead-1'");
		kit.arm.reply = () => ({ ok: false, code: "timeout", message: "no answer" });
		kit.arm.kill = async () => {
			kit.arm.asked.push("kill");
			container(kit, { type: "stop", instance_id: `i-${n}`, exit_code: 137, detail: { ordered: true } });
			return { ok: true, status: 200, body: {} };
		};
		kit.arm.start = async () => {
			n += 1;
			container(kit, { type: "start", instance_id: `i-${n}` });
			return { ok: true, status: 200, body: {} };
		};
		heard(kit);
		await kit.run(29 * MINUTE);
		expect(kit.arm.count("kill")).toBe(3);
	}));

it("SCHED-4: a container that drains is not told to stop at every look's pace", () =>
	inTown("s-drain", async (kit) => {
		nothingToDo(kit);
		for (let second = 0; second < 6 * 60; second += 15) {
			heard(kit);
			await kit.run(15_000);
		}
		expect(kit.arm.count("stop")).toBeGreaterThan(0);
		expect(kit.arm.count("stop")).toBeLessThanOrEqual(14);
	}));

it("SCHED-4: a merge request whose PR is open needs no container", () =>
	inTown("s-pr", async (kit) => {
		container(kit, { type: "sleep", instance_id: "i-1" });
		const { sql } = kit.town;
		sql.run("UPDATE beads SET status = 'in_review' WHERE bead_id = 'bead-1'");
		sql.run(
			`INSERT INTO beads (bead_id, type, status, title, rig_id, priority, labels, metadata, created_at, updated_at, status_since)
			 SELECT 'mr-1', 'merge_request', 'open', 'Merge', rig_id, priority, '[]', '{}', created_at, updated_at, status_since
			 FROM beads WHERE bead_id = 'bead-1'`,
		);
		sql.run(
			"INSERT INTO review_metadata (bead_id, branch, target_branch, pr_url) VALUES ('mr-1', 'b', 'main', 'https://example.test/o/r/pull/1')",
		);
		sql.run(
			"INSERT INTO bead_dependencies (bead_id, depends_on_bead_id, dependency_type) VALUES ('mr-1', 'bead-1', 'tracks')",
		);
		expect(reconcile(observe(kit.town)).map(({ type }) => type)).toEqual(["poll_pr"]);
	}));

it("SCHED-5: a mayor that has to wait is no news", () =>
	inTown(
		"s-mayor",
		async (kit) => {
			nothingToDo(kit);
			kit.arm.reply = ({ path }) => ({ ok: true, status: path === "/agents/start" ? 500 : 200, body: {} });
			kit.arm.stop = async () => {
				container(kit, { type: "sleep", instance_id: "i-1" });
				return { ok: true, status: 200, body: {} };
			};
			kit.town.sql.run(
				`INSERT INTO agent_nudges (nudge_id, agent_bead_id, message, mode, priority, source, created_at)
				 VALUES ('n', 's-mayor/mayor', 'hello', 'immediate', 'normal', 'user', '2026-01-01T00:00:00.000Z')`,
			);
			await kit.run(30 * MINUTE);
			const before = kit.logged();
			await kit.run(10 * MINUTE);
			expect(kit.arm.count("POST /agents/start")).toBe(5);
			expect(kit.logged()).toBe(before);
		},
		(town) => town.must("createAgent", { id: "s-mayor/mayor", role: "mayor", name: "Mayor" }),
	));

it("SCHED-5: an idle town looks seldom and writes nothing", () =>
	inTown("s-idle", async (kit) => {
		nothingToDo(kit);
		container(kit, { type: "sleep", instance_id: "i-1" });
		const before = kit.logged();
		await kit.run(60 * MINUTE);
		expect(kit.logged()).toBe(before);
		expect(kit.ticks.n).toBeLessThanOrEqual(13);
	}));
