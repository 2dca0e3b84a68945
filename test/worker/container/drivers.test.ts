import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { checkContainerToken } from "../../../worker/auth/container-token.ts";
import { CloudflareDriver, endOf } from "../../../worker/town-container/cloudflare-driver.ts";
import type { ContainerEnd } from "../../../worker/town-container/driver.ts";
import { LocalDriver } from "../../../worker/town-container/local-driver.ts";

/** The platform of `npm start`, as far as the driver sees it. */
function platform(answer: () => Response) {
	const requests: Request[] = [];
	const send = async (input: RequestInfo | URL, init?: RequestInit) => {
		requests.push(new Request(input, init));
		return answer();
	};
	const driver = new LocalDriver({
		...{ base: "http://platform", town: "town one", secret: env.CONTAINER_TOKEN_SECRET },
		send: send as typeof fetch,
	});
	return { driver, requests };
}

test("CONTAINER-7: the local platform is asked with the town's own token", async () => {
	const { driver, requests } = platform(() => Response.json({ pid: 7, url: "http://127.0.0.1:1" }));
	expect(await driver.start("i-1", { A: "b" })).toEqual({ ok: true, url: "http://127.0.0.1:1" });
	const [request] = requests;
	expect(request?.url).toBe("http://platform/towns/town%20one/start");
	expect(await request?.json()).toEqual({ instance_id: "i-1", env: { A: "b" } });
	const header = request?.headers.get("authorization") ?? undefined;
	expect(await checkContainerToken(env.CONTAINER_TOKEN_SECRET, header, "town one", Date.now())).toEqual({
		ok: true,
	});
});

test("CONTAINER-7: a start that the platform refuses is a value, with its words", async () => {
	const refusal = { error: { code: "start-failed", message: "MODEL_URL is missing" } };
	const { driver } = platform(() => Response.json(refusal, { status: 503 }));
	expect(await driver.start("i-1", {})).toEqual({ ok: false, message: "MODEL_URL is missing" });
});

test("CONTAINER-7: the local platform is told after how long what runs may sleep", async () => {
	const { driver, requests } = platform(() => Response.json({}));
	await driver.sleepAfter(300_000);
	expect(requests[0]?.url).toBe("http://platform/towns/town%20one/sleep");
	expect(await requests[0]?.json()).toEqual({ after_ms: 300_000 });
});

test("CONTAINER-7: a platform that cannot be asked is not taken for one where nothing runs", async () => {
	const { driver } = platform(() => Response.json({ error: { message: "no" } }, { status: 401 }));
	await expect(driver.state()).rejects.toThrow("401");
	await expect(driver.stop("term")).rejects.toThrow("401");
});

/** `ctx.container`, as far as the driver uses it; `end` lets what runs end. */
function container(running: boolean) {
	let finish: { resolve(): void; reject(error: Error): void } | null = null;
	const fake = {
		running,
		calls: [] as string[],
		start: () => {
			fake.running = true;
		},
		monitor: () =>
			new Promise<void>((resolve, reject) => {
				finish = { resolve, reject };
			}),
		setInactivityTimeout: async (ms: number) => void fake.calls.push(`sleep after ${ms}`),
		signal: (n: number) => void fake.calls.push(`signal ${n}`),
		destroy: async () => void fake.calls.push("destroy"),
		getTcpPort: () => ({ fetch: async () => new Response("{}") }),
		end: (error?: Error) => {
			fake.running = false;
			if (error) finish?.reject(error);
			else finish?.resolve();
		},
	};
	const ends: ContainerEnd[] = [];
	const driver = new CloudflareDriver(fake as unknown as Container, (end) => void ends.push(end));
	return { fake, driver, ends };
}

test("CONTAINER-7: on Cloudflare an end is told of the instance that was watched", async () => {
	const { fake, driver, ends } = container(false);
	await driver.start("i-1", {});
	const first = fake.end;
	first(new Error("Container exited with unexpected exit code: 137"));
	await driver.start("i-2", {});
	await Promise.resolve();
	expect(ends).toMatchObject([{ instance_id: "i-1", exit_code: 137, signal: "SIGKILL" }]);
});

test("CONTAINER-7: an object that wakes watches what runs on, and tells of what has gone", async () => {
	const alive = container(true);
	alive.driver.adopt("i-1");
	await Promise.resolve();
	expect(alive.ends).toEqual([]);
	alive.fake.end();
	await scheduler.wait(0);
	expect(alive.ends).toMatchObject([{ instance_id: "i-1", exit_code: 0 }]);
	const gone = container(false);
	gone.driver.adopt("i-2");
	await scheduler.wait(0);
	expect(gone.ends).toMatchObject([{ instance_id: "i-2", exit_code: null }]);
});

test("CONTAINER-7: on Cloudflare what runs is given the town's time without requests, and what does not run none", async () => {
	const { fake, driver } = container(true);
	await driver.sleepAfter(300_000);
	fake.end();
	await driver.sleepAfter(1);
	expect(fake.calls).toEqual(["sleep after 300000"]);
});

test("CONTAINER-7: SIGTERM drains, a kill destroys, and where nothing runs neither is said", async () => {
	const { fake, driver } = container(true);
	expect(await driver.stop("term")).toBe(true);
	expect(await driver.stop("kill")).toBe(true);
	fake.end();
	expect(await driver.stop("kill")).toBe(false);
	expect(fake.calls).toEqual(["signal 15", "destroy"]);
});

test("CONTAINER-7: the words of the runtime give exit code, signal and memory", () => {
	expect(endOf("i", new Error("runtime signalled the container to exit: 143"))).toMatchObject({
		...{ exit_code: 143, signal: "SIGTERM", oom: false },
	});
	expect(endOf("i", new Error("container ran out of memory, exit code: 137"))).toMatchObject({
		...{ exit_code: 137, oom: true },
	});
	expect(endOf("i", "lost")).toMatchObject({ exit_code: null, signal: null, reason: "lost" });
});
