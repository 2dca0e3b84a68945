import { expect, test } from "vitest";
import { diagnose } from "../../../shared/diagnosis/index.ts";
import { METHODS, type Method, type MethodInput, REPORTS } from "../../../shared/ingest/index.ts";
import { METHOD_PARTS, REPORT_PARTS } from "../../../worker/town/calls.ts";
import { HealthView } from "../../../worker/town/health-view.ts";
import { townOf } from "../town/support.ts";
import { schedulerOf } from "./support.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const STEP = 5 * SECOND;
const RIGS = ["web", "api"];

/** The same numbers in every run (mulberry32). */
function numbers(seed: number) {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}

type Started = { agent_id: string; attempt_id: string; bead_id: string; role: string };
/** An agent's process: when it is done, and the tool that it runs meanwhile. Epoch milliseconds. */
type Running = Started & { done: number; eventAt: number; toolUntil: number };

test.each([1, 2, 3])(
	"DIAG-1: an hour of busy work by the town's own scheduler and calls gives no false alarm at any moment (%i)",
	async (seed) => {
		const id = `busy-hour-${seed}`;
		const owner = townOf(id);
		await owner.setClock(START);
		await owner.must("createTown", { name: "Busy", owner_type: "user", owner_id: "user/owner:1" });
		for (const rig of RIGS)
			await owner.must("createRig", { id: rig, name: rig, git_url: `https://example.test/${rig}.git` });
		await owner.must("setTownState", { key: "config", value: { max_polecats_per_rig: 3 } });
		await owner.inside(async (_, ctx) => {
			const kit = schedulerOf(id, ctx, START);
			const random = numbers(seed);
			const between = (least: number, most: number) => least + Math.floor(random() * (most - least));
			const running = new Map<string, Running>();
			const call = <M extends Method>(method: M, args: MethodInput<M>) =>
				kit.call((town) => METHOD_PARTS[method](town, METHODS[method].parse(args) as never));
			const report = (kind: "heartbeat" | "completions", said: object) =>
				kit.call((town) => REPORT_PARTS[kind](town, REPORTS[kind].parse(said) as never));

			kit.arm.reply = ({ path, body }) => {
				if (path !== "/agents/start") return { ok: true, status: 200, body: {} };
				const order = body as Started;
				const minutes = order.role === "refinery" ? between(1, 4) : between(4, 16);
				running.set(order.agent_id, {
					...order,
					...{ done: kit.now() + minutes * MINUTE, eventAt: kit.now(), toolUntil: 0 },
				});
				return { ok: true, status: 200, body: { pid: between(100, 9_999) } };
			};
			const goOn = (one: Running) => {
				if (one.toolUntil > kit.now()) return;
				one.eventAt = kit.now();
				// Most tools are quick, some build for ten minutes without a word.
				one.toolUntil = kit.now() + (random() < 0.03 ? between(5, 11) * MINUTE : between(5, 40) * SECOND);
			};
			const end = (one: Running) => {
				running.delete(one.agent_id);
				const { agent_id, attempt_id } = one;
				if (one.role !== "refinery")
					call("agentDone", { agent_id, branch: `gt/${one.bead_id}`, summary: "Done." });
				else if (random() < 0.15)
					call("requestChanges", { agent_id, entry_id: one.bead_id, message: "Please test the empty case." });
				else call("completeReview", { entry_id: one.bead_id, status: "merged", commit_sha: "c0ffee" });
				report("completions", { agent_id, attempt_id, status: "completed", exit_code: 0 });
			};
			const beat = () =>
				report("heartbeat", {
					instance_id: "i-1",
					container: { cpu: 60, memory_mb: 900, memory_limit_mb: 4_096 },
					agents: [...running.values()].map((one) => ({
						...{ agent_id: one.agent_id, attempt_id: one.attempt_id, pid: 100, cpu: 30, memory_mb: 200 },
						...{ last_event_type: "message.part.updated", last_event_at: one.eventAt, status: "running" },
						active_tools: one.toolUntil > kit.now() ? ["bash"] : [],
					})),
				});

			kit.up();
			call("slingConvoy", {
				...{ id: "cv", title: "New checkout", rig_id: "web", parallel: false },
				beads: ["Model", "Page", "Mail"].map((title) => ({ title })),
			});
			const view = new HealthView(kit.live, kit.town);
			const alarms = new Map<string, string>();
			const notices = new Set<string>();
			let made = 0;
			let most = 0;
			for (let at = START; at < START + 60 * MINUTE; at += STEP) {
				if (random() < STEP / (2 * MINUTE)) {
					made += 1;
					call("createBead", { id: `b${made}`, title: `Task ${made}`, rig_id: RIGS[made % 2] as string });
				}
				await kit.run(STEP);
				for (const one of [...running.values()]) {
					goOn(one);
					if (one.done <= kit.now() && one.toolUntil <= kit.now() + MINUTE) end(one);
				}
				beat();
				most = Math.max(most, running.size);
				const { looks } = kit.scheduler;
				const told = diagnose(view.now(), kit.now(), looks && { ...looks, at: kit.now() });
				for (const { code } of told.notices) notices.add(code);
				for (const { code, sentence } of told.findings)
					if (!alarms.has(code)) alarms.set(code, `${(kit.now() - START) / MINUTE} min: ${sentence}`);
				expect(told.light).not.toBe("unknown");
			}
			const closed = kit.town.sql.one<{ n: number }>(
				"SELECT COUNT(*) AS n FROM beads WHERE type = 'issue' AND status = 'closed'",
			)?.n;
			expect(Object.fromEntries(alarms)).toEqual({});
			// It was busy, and work came through; otherwise nothing was shown.
			expect(closed).toBeGreaterThan(10);
			expect(most).toBeGreaterThanOrEqual(5);
			expect([...notices]).toEqual(expect.arrayContaining(["bead.waits-for-capacity", "agent.long-tool"]));
		});
	},
);
