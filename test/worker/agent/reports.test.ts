import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { TownDO } from "../../../worker/town-do.ts";
import type { Recorded } from "../../support/recordings.ts";
import { eventsOf, finalOf } from "../../support/recordings.ts";
import { workingTown } from "../town/support.ts";
import { agentOf, event, ingestOf } from "./support.ts";

const SESSION = "ses_1";
/** Thousands of events are unpacked and appended. */
const RECORDED_MS = 30_000;
const message = (id: string, output: number, cost: number, modelID = "m") =>
	event("message.updated", {
		sessionID: SESSION,
		info: {
			id,
			sessionID: SESSION,
			role: "assistant",
			parentID: "msg_0",
			providerID: "scripted",
			modelID,
			cost,
			tokens: { input: 10, output, reasoning: 0, cache: { read: 1, write: 2 } },
		},
	});
const failed = (text: string) =>
	event("session.error", {
		sessionID: SESSION,
		error: { name: "APIError", data: { message: text, statusCode: 402 } },
	});
const asked = event("permission.asked", {
	sessionID: SESSION, id: "per_1", permission: "bash", patterns: ["git push *"], tool: { messageID: "msg_1", callID: "c" },
}, 7_000); // biome-ignore format: short
const step = (id: string, at: number) =>
	event(
		"message.part.updated",
		{ sessionID: SESSION, part: { id, sessionID: SESSION, messageID: "msg_1", type: "step-finish" } },
		at,
	);

/** A town with an agent of this id, and that agent's object reporting to it on a clock that stands still. */
async function reporting(id: string) {
	const town = await workingTown(`town-${id}`);
	await town.must("createAgent", { id, role: "polecat", name: id, rig_id: "rig-1" });
	const agent = agentOf(id);
	const time = { now: 1_000_000 };
	const setClock = () =>
		agent.inside((instance) => {
			instance.clock = () => time.now;
		});
	await agent.stub.claim(town.id, id);
	await setClock();
	return {
		agent,
		town,
		time,
		setClock,
		send: (events: Parameters<typeof agent.send>[0], more = {}) =>
			agent.send(events, { town: town.id, ...more }),
		/** Milliseconds until the next report; null when none is planned. */
		reportIn: async () => {
			const [due] = await agent.inside((_, state) =>
				state.storage.sql.exec<{ due: number }>("SELECT due FROM agenda WHERE name = 'report'").toArray(),
			);
			return due ? due.due - time.now : null;
		},
		signals: () => town.row("agent_signals", id),
		usage: (attempt: string, model = "scripted/m") => town.row("usage", JSON.stringify([attempt, model])),
	};
}

const recordedTown = async (
	name: string,
	id: string,
	which: (event: Recorded & { t: number }) => boolean = () => true,
) => {
	const bench = await reporting(id);
	const events = ingestOf((await eventsOf(name)).filter(which));
	for (let from = 0; from < events.length; from += 200) await bench.send(events.slice(from, from + 200));
	await bench.agent.alarm();
	return bench;
};

describe("STREAM-4: usage", () => {
	test("STREAM-4: totals are absolute, by attempt and model, each message once however often it is told", async () => {
		const { agent, send, usage } = await reporting("usage");
		await send([message("msg_1", 5, 0.1), message("msg_1", 8, 0.2)], { attempt: "a1", bead: "b1" });
		await send([message("msg_2", 1, 0.1)], { attempt: "a1", bead: "b1" });
		await send([message("msg_1", 9, 0.3), message("msg_3", 4, 1, "big")], { attempt: "a2", bead: "b2" });
		await agent.alarm();
		expect(await usage("a1")).toMatchObject({
			agent_id: "usage", bead_id: "b1", input_tokens: 20, output_tokens: 10, cache_read_tokens: 2, cache_write_tokens: 4, cost: 0.4, stream_seq: 4,
		}); // biome-ignore format: one row
		expect(await usage("a2", "scripted/big")).toMatchObject({ bead_id: "b2", output_tokens: 4, cost: 1 });
	});

	test("STREAM-4: through eviction, and with batches sent again, each message still counts once", async () => {
		const { agent, send, usage } = await reporting("usage-evicted");
		await send([message("msg_1", 5, 0.1)], { producerSeq: 1 });
		await send([message("msg_1", 5, 0.1)], { producerSeq: 1 });
		await evictDurableObject(env.AGENT.getByName("usage-evicted"));
		await send([message("msg_1", 6, 0.2)], { producerSeq: 2 });
		await agent.alarm();
		expect(await usage("attempt-1")).toMatchObject({ output_tokens: 6, cost: 0.2 });
	});

	test.each(["loop", "aborted", "opencode-loop"])(
		"STREAM-4: of %s it is the sum of its messages, though the agent's own last sum is missing after an abort",
		async (name) => {
			const { town } = await recordedTown(name, `sum-${name}`);
			const [final] = Object.values(await finalOf(name));
			const sum = (final?.messages ?? []).reduce((cost, { info }) => cost + (info.cost ?? 0), 0);
			const rows = await town.inside((_, state) =>
				state.storage.sql.exec<{ cost: number }>("SELECT cost FROM usage").toArray(),
			);
			expect(rows).toHaveLength(1);
			expect(rows[0]?.cost).toBeCloseTo(sum, 6);
		},
		RECORDED_MS,
	);

	test("STREAM-4: reported at most every five seconds", async () => {
		const { agent, send, reportIn, time, usage } = await reporting("paced");
		await send([message("msg_1", 1, 0.1)]);
		expect(await reportIn()).toBe(0);
		await agent.alarm();
		expect(await reportIn()).toBeNull();
		time.now += 1_000;
		await send([message("msg_2", 1, 0.1)]);
		expect(await reportIn()).toBe(4_000);
		time.now += 1_000;
		await send([message("msg_3", 1, 0.1)]);
		expect(await reportIn()).toBe(3_000);
		await agent.alarm();
		expect(await usage("attempt-1")).toMatchObject({ cost: 0.1 });
		time.now += 3_000;
		await agent.alarm();
		expect(await usage("attempt-1")).toMatchObject({ output_tokens: 3, stream_seq: 3 });
	});

	test("STREAM-4: text alone is no reason to report", async () => {
		const { send, reportIn } = await reporting("silent");
		await send([
			event("message.part.delta", {
				sessionID: SESSION,
				messageID: "m",
				partID: "p",
				field: "text",
				delta: "x ",
			}),
		]);
		const first = await reportIn();
		expect(first === null || first === 0).toBe(true);
	});
});

describe("STREAM-6: signals without a follower", () => {
	test("STREAM-6: a new error, something newly asked and an exit are told at once, though a report was just made", async () => {
		const { agent, send, reportIn, signals, time } = await reporting("urgent");
		const tell = async (events: ReturnType<typeof event>[]) => {
			time.now += 10;
			await send(events);
			expect(await reportIn()).toBe(0);
			await agent.alarm();
			return signals();
		};
		await send([step("prt_1", 5_000)]);
		await agent.alarm();
		expect(await tell([failed("no credit")])).toMatchObject({
			last_error: { name: "APIError", message: "no credit", status: 402, count: 1 },
			steps: 1,
			last_step_at: 5_000,
		});
		expect(await tell([asked])).toMatchObject({
			pending_permission: { id: "per_1", permission: "bash", patterns: ["git push *"], since: 7_000 },
		});
		expect(await tell([event("agent.exited", { reason: "stopped" })])).toMatchObject({
			pending_permission: null,
		});
		time.now += 10;
		await send([failed("no credit")]);
		expect(await reportIn()).toBe(4_990);
	});

	test("STREAM-6: an error is over when a later step completes; what waits is told while it waits", async () => {
		const { agent, send, signals, time } = await reporting("over");
		const status = (more: object) => event("session.status", { sessionID: SESSION, status: more }, 9_000);
		const told = async (...events: ReturnType<typeof event>[]) => {
			time.now += 5_000;
			await send(events);
			await agent.alarm();
			return signals();
		};
		expect(
			await told(failed("x"), status({ type: "retry", attempt: 3, message: "slow down", next: 12_000 })),
		).toMatchObject({
			retry: { attempt: 3, message: "slow down", next: 12_000 },
		});
		expect(await told(status({ type: "offline", message: "refused" }))).toMatchObject({
			retry: null,
			offline_since: 9_000,
		});
		expect(await told(status({ type: "busy" }), step("prt_1", 9_500))).toMatchObject({
			last_error: null,
			retry: null,
			offline_since: null,
		});
	});

	test("STREAM-6: a turn that the model's filter ends has not succeeded: the error before it stays", async () => {
		const { agent, send, signals } = await reporting("signals-filtered");
		const ended = (id: string, reason: string) =>
			event("message.part.updated", {
				sessionID: SESSION,
				part: { id, sessionID: SESSION, messageID: "msg_1", type: "step-finish", reason },
			});
		await send([failed("no credit"), ended("prt_1", "content-filter")]);
		await agent.alarm();
		expect(await signals()).toMatchObject({ last_error: { message: "no credit" }, steps: 1 });
		await send([ended("prt_2", "stop"), asked]);
		await agent.alarm();
		expect(await signals()).toMatchObject({ last_error: null, steps: 2 });
	});

	test("STREAM-6: they survive eviction", async () => {
		const { agent, send, signals, setClock, time } = await reporting("signals-evicted");
		await send([asked]);
		await evictDurableObject(env.AGENT.getByName("signals-evicted"));
		await setClock();
		time.now += 10_000;
		await send([step("prt_1", 8_000)]);
		await agent.alarm();
		expect(await signals()).toMatchObject({ pending_permission: { id: "per_1" }, steps: 1 });
	});

	test("STREAM-6: a town that cannot be reached is told later", async () => {
		const bench = await reporting("unreachable");
		const silent = vi.spyOn(console, "error").mockImplementation(() => undefined);
		vi.spyOn(TownDO.prototype, "reportAgent").mockRejectedValueOnce(new Error("restarting"));
		await bench.send([failed("x")]);
		await bench.agent.alarm();
		const wait = await bench.reportIn();
		expect(wait).toBeGreaterThan(0);
		expect(silent).toHaveBeenCalledOnce();
		silent.mockRestore();
		bench.time.now += wait ?? 0;
		await bench.agent.alarm();
		expect(await bench.signals()).toMatchObject({ last_error: { message: "x" } });
	});

	test.each(["loop", "opencode-loop"])(
		"STREAM-6: the loop of edits in %s is told",
		async (name) => {
			// Until its abort: what comes after ends the loop.
			const { signals } = await recordedTown(name, `signal-${name}`);
			expect((await signals()).equal_calls).toMatchObject({ kind: "edits", tool: "edit" });
		},
		RECORDED_MS,
	);

	test("STREAM-6: forty equal calls are told as that", async () => {
		const { agent, send, signals } = await reporting("equal");
		const call = (n: number) =>
			event("message.part.updated", {
				sessionID: SESSION,
				part: { id: `prt_${n}`, sessionID: SESSION, messageID: "m", type: "tool", tool: "bash", state: { status: "running", input: { command: "npm test" } } },
			}, n); // biome-ignore format: one call
		await send(Array.from({ length: 40 }, (_, n) => call(n + 1)));
		await agent.alarm();
		expect((await signals()).equal_calls).toMatchObject({ kind: "equal", tool: "bash", count: 40, since: 2 });
	});

	test(
		"STREAM-6: a long run of the same kinds of steps is not a loop",
		async () => {
			const { signals } = await recordedTown(
				"long",
				"signal-long",
				({ type }) => type === "message.part.updated",
			);
			expect(await signals()).toMatchObject({ equal_calls: null, steps: 451 });
		},
		RECORDED_MS,
	);
});
