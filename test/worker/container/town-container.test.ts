import { expect, test } from "vitest";
import type { ContainerDriver, ContainerEnd, DriverStart } from "../../../worker/town-container/driver.ts";
import {
	type Event,
	TownContainer,
	type TownContainerHost,
} from "../../../worker/town-container/town-container.ts";

const ORDER = { reason: "work waits", key: "k1", correlation: "intervention-1" };

/** A platform that runs one process, and what a town's object keeps and tells. `wake` is the object after a restart. */
function bench() {
	const world = {
		running: null as string | null,
		asked: [] as string[],
		told: [] as Event[],
		refuses: null as string | null,
		/** The platform cannot be asked to end anything. */
		away: false,
		envs: [] as Record<string, string>[],
		ids: 0,
		stored: null as ReturnType<TownContainerHost["load"]>,
		answer: (_path: string, _init: RequestInit): Promise<Response> =>
			Promise.resolve(Response.json({ ok: true })),
	};
	const driver: ContainerDriver = {
		async state() {
			world.asked.push("state");
			return { running: world.running !== null, instance_id: world.running, exit_code: null };
		},
		adopt: (instance) => void world.asked.push(`adopt ${instance}`),
		async start(instance, env): Promise<DriverStart> {
			world.envs.push(env);
			world.asked.push(`start ${instance}`);
			if (world.refuses !== null) return { ok: false, message: world.refuses };
			world.running = instance;
			return { ok: true, url: "http://control" };
		},
		async stop(how) {
			world.asked.push(how);
			if (world.away) throw new Error("no route");
			return world.running !== null;
		},
		async sleepAfter(ms) {
			if (world.away) throw new Error("no route");
			world.asked.push(`sleep after ${ms}`);
		},
		fetch: (path, init) => world.answer(path, init),
	};
	const wake = () =>
		new TownContainer({
			driver,
			load: () => world.stored,
			save: (instance) => {
				world.stored = instance;
			},
			now: () => 1_000,
			uuid: () => `id-${++world.ids}`,
			env: async (_secret, correlation) => ({ BY: String(correlation) }),
			tell: (event) => void world.told.push(event),
		});
	const end = (instance_id: string, more: Partial<ContainerEnd> = {}): ContainerEnd => ({
		...{ instance_id, exit_code: 0, signal: null, reason: "ended", oom: false },
		...more,
	});
	return { world, wake, end, types: () => world.told.map(({ type }) => type) };
}

const started = async () => {
	const it = bench();
	const container = it.wake();
	await container.start(ORDER);
	return { ...it, container, instance: it.world.running ?? "" };
};

test("CONTAINER-7: its state is read from what is kept: the platform is not asked", async () => {
	const { world, wake, container, instance } = await started();
	world.asked = [];
	expect(container.state()).toMatchObject({ status: "running", instance_id: instance, since: 1_000 });
	expect(world.asked).toEqual([]);
	expect(wake().state()).toMatchObject({ status: "running", instance_id: instance });
	expect(world.asked).toEqual([`adopt ${instance}`]);
});

test("CONTAINER-7: a start is told once with what caused it, and one that runs is left as it is", async () => {
	const { world, container, instance } = await started();
	const both = await Promise.all([container.start(ORDER), container.start(ORDER)]);
	expect(both.map((answer) => answer.ok)).toEqual([true, true]);
	expect(world.told).toEqual([
		{
			...{ type: "start", reason: "work waits", instance_id: instance, key: `start:${instance}` },
			detail: { correlation: "intervention-1" },
		},
	]);
});

test("CONTAINER-7: a start that fails says why, in the answer and in the journal", async () => {
	const { world, wake } = bench();
	world.refuses = "no room";
	const container = wake();
	expect(await container.start(ORDER)).toMatchObject({ ok: false, code: "refused", message: "no room" });
	expect(container.state().status).toBe("stopped");
	expect(world.told).toMatchObject([{ type: "error", reason: expect.stringContaining("no room") }]);
});

test("CONTAINER-7: the platform is told when it may put what runs to sleep, and a sleep that nobody asked for is told as one", async () => {
	const { world, container, instance, end } = await started();
	expect(await container.sleepAfter(60_000)).toMatchObject({ ok: true });
	expect(world.asked.at(-1)).toBe("sleep after 60000");
	world.away = true;
	expect(await container.sleepAfter(60_000)).toMatchObject({ ok: false, code: "unreachable" });
	container.ended(end(instance, { slept: true, reason: "no request for a while" }));
	expect(world.told.at(-1)).toMatchObject({ type: "sleep", detail: { ordered: false } });
	expect(await container.sleepAfter(60_000)).toMatchObject({ ok: false, code: "not-running" });
});

test("CONTAINER-7: SIGKILL is exit code 137, and the signal is named", async () => {
	const { world, container, instance, end } = await started();
	container.ended(end(instance, { exit_code: null, signal: "SIGKILL", reason: "killed by SIGKILL" }));
	expect(world.told.at(-1)).toMatchObject({
		...{ type: "stop", exit_code: 137, reason: "killed by SIGKILL" },
		detail: { signal: "SIGKILL", ordered: false },
	});
});

test("CONTAINER-7: an end that is told twice is one end; that of an older instance is no end of the newer", async () => {
	const { world, container, instance, end, types } = await started();
	container.ended(end(instance));
	container.ended(end(instance));
	expect(types()).toEqual(["start", "stop"]);
	world.running = null;
	await container.start(ORDER);
	container.ended(end("one of long ago"));
	expect(container.state().status).toBe("running");
	expect(world.told.at(-1)).toMatchObject({ type: "stop", instance_id: "one of long ago" });
});

test("CONTAINER-7: an idle stop that ends well is a sleep; one that crashes meanwhile is a stop", async () => {
	for (const [exit_code, type] of [
		[0, "sleep"],
		[1, "stop"],
	] as const) {
		const { world, container, instance, end } = await started();
		await container.stop({ ...ORDER, reason: "nothing to do", sleep: true });
		expect(container.state().status).toBe("stopping");
		container.ended(end(instance, { exit_code }));
		expect(world.told.at(-1)).toMatchObject({
			type,
			detail: { correlation: "intervention-1", ordered: true },
		});
	}
});

test("CONTAINER-7: a start waits for the end of the instance that is being stopped", async () => {
	const { world, container, instance, end, types } = await started();
	await container.stop({ ...ORDER, sleep: false });
	const starting = container.start(ORDER);
	expect(world.asked.filter((what) => what.startsWith("start"))).toHaveLength(1);
	world.running = null;
	container.ended(end(instance));
	expect(await starting).toMatchObject({ ok: true });
	expect(types()).toEqual(["start", "stop", "start"]);
	expect(container.state()).toMatchObject({ status: "running", instance_id: world.running });
});

const STOP = { ...ORDER, reason: "container.stop", sleep: false };

test("LEDGER-2: a stop that names an instance ends only that one, and says where it has been replaced", async () => {
	const { world, container, instance, end } = await started();
	container.ended(end(instance));
	world.running = null;
	await container.start(ORDER);
	world.asked = [];
	expect(await container.stop({ ...STOP, instance })).toMatchObject({
		...{ ok: false, code: "not-running", message: "That instance has been replaced." },
	});
	expect(world.asked).toEqual([]);
	expect(await container.stop({ ...STOP, instance: world.running })).toMatchObject({ ok: true });
	expect(world.asked).toEqual(["term"]);
});

test("LEDGER-2: a stop of one that is on its way is no second signal, and its end is told with an intervention's order", async () => {
	const { world, container, instance, end } = await started();
	await container.stop({ ...STOP, reason: "nothing to do", correlation: null, sleep: true });
	world.asked = [];
	for (const correlation of ["order-1", null, "order-2"])
		expect(await container.stop({ ...STOP, correlation, instance })).toMatchObject({ ok: true });
	expect(world.asked).toEqual([]);
	container.ended(end(instance));
	expect(world.told.at(-1)).toMatchObject({
		...{ type: "stop", reason: "container.stop" },
		detail: { correlation: "order-1", ordered: true },
	});
});

test("LEDGER-2: a platform that could not be asked for the end is asked again, and meanwhile the container runs on", async () => {
	const { world, container, instance } = await started();
	world.asked = [];
	world.away = true;
	expect(await container.stop({ ...STOP, instance })).toMatchObject({ ok: false, code: "unreachable" });
	expect(container.state()).toMatchObject({ status: "running", instance_id: instance });
	world.away = false;
	expect(await container.stop({ ...STOP, instance })).toMatchObject({ ok: true });
	expect(world.asked).toEqual(["term", "term"]);
	expect(container.state().status).toBe("stopping");
});

test("LEDGER-2: an object that ended within a stop asks the platform again when the order comes again", async () => {
	const { world, wake, instance } = await started();
	if (world.stored) world.stored = { ...world.stored, status: "stopping", stop: { ...ORDER, sleep: false } };
	world.asked = [];
	expect(await wake().stop({ ...STOP, instance })).toMatchObject({ ok: true });
	expect(world.asked).toEqual([`adopt ${instance}`, "term"]);
});

test("LEDGER-2: a container is told what had it started", async () => {
	const { world } = await started();
	expect(world.envs).toEqual([{ BY: "intervention-1" }]);
});

test("CONTAINER-7: one that went while nobody looked is told as ended, at the next start or stop", async () => {
	for (const next of ["start", "kill"] as const) {
		const { world, container, instance } = await started();
		world.running = null;
		await container[next](ORDER);
		expect(world.told[1]).toMatchObject({ type: "stop", instance_id: instance, exit_code: null });
		expect(container.state().status).toBe(next === "start" ? "running" : "stopped");
	}
});

test("CONTAINER-7: an object that ended within a start begins it again, and leaves no process of the first", async () => {
	const { world, wake, instance } = await started();
	if (world.stored) world.stored = { ...world.stored, status: "starting", url: null };
	world.asked = [];
	expect(await wake().start(ORDER)).toMatchObject({ ok: true });
	expect(world.asked).toEqual([`adopt ${instance}`, "kill", "state", expect.stringMatching(/^start /)]);
});

test("CONTAINER-7: asking the control server never starts it, and no answer is a value", async () => {
	const { world, wake } = bench();
	const container = wake();
	const request = { method: "GET", path: "/health" } as const;
	expect(await container.control(request)).toMatchObject({ ok: false, code: "not-running" });
	expect(world.asked).toEqual([]);
	await container.start(ORDER);
	world.answer = () => Promise.reject(new Error("connection refused"));
	expect(await container.control(request)).toMatchObject({ ok: false, code: "unreachable" });
	world.answer = (_, { signal }) =>
		new Promise((_done, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
	expect(await container.control({ ...request, timeout_ms: 5 })).toMatchObject({
		ok: false,
		code: "timeout",
	});
	world.answer = () => Promise.resolve(Response.json({ error: { code: "draining" } }, { status: 503 }));
	expect(await container.control(request)).toEqual({
		ok: true,
		status: 503,
		body: { error: { code: "draining" } },
	});
});

test("CONTAINER-7: the secret, the key and what caused it go with a request", async () => {
	const { world, container } = await started();
	let headers = new Headers();
	world.answer = async (_, init) => {
		headers = new Headers(init.headers);
		return Response.json({});
	};
	await container.control({
		method: "POST",
		path: "/agents/start",
		body: {},
		key: "attempt-1",
		correlation: "i-1",
	});
	expect(Object.fromEntries(headers)).toMatchObject({
		...{ authorization: `Bearer ${world.stored?.secret}`, "idempotency-key": "attempt-1" },
		"x-correlation-id": "i-1",
	});
});
