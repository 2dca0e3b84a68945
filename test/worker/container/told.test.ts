import { runDurableObjectAlarm } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { mintContainerToken } from "../../../worker/auth/container-token.ts";
import { containerStub } from "../../../worker/stubs.ts";
import { workingTown } from "../town/support.ts";

const END = {
	instance_id: "i-1",
	exit_code: null,
	signal: "SIGKILL",
	reason: "killed by SIGKILL",
	oom: false,
};

const post = async (town: string, tokenOf = town) =>
	exports.default.fetch(
		new Request(`https://worker/api/towns/${town}/container/ended`, {
			method: "POST",
			headers: {
				authorization: `Bearer ${await mintContainerToken(env.CONTAINER_TOKEN_SECRET, tokenOf, Date.now())}`,
				"content-type": "application/json",
			},
			body: JSON.stringify(END),
		}),
	);

test("CONTAINER-7: an end that the platform tells stands in the town's journal once, however often it is told", async () => {
	const town = await workingTown("ended-told");
	for (let n = 0; n < 2; n++) {
		expect((await post(town.id)).status).toBe(200);
		await runDurableObjectAlarm(env.TOWN_CONTAINER.getByName(town.id) as never);
	}
	const events = await town.journal("container_events");
	expect(events).toMatchObject([
		{ type: "stop", exit_code: 137, reason: "killed by SIGKILL", instance_id: "i-1" },
	]);
});

test("SEC-5: the platform's word of an end is taken with a token of that town alone", async () => {
	expect((await post("ended-other", "another")).status).toBe(403);
});

test("CONTAINER-7: without a platform every order is answered: not configured", async () => {
	const stub = containerStub(env, "no-platform");
	expect(await stub.getState()).toMatchObject({ status: "stopped", instance_id: null });
	const order = { reason: "r", key: "k", correlation: null };
	expect(await stub.start(order)).toMatchObject({ ok: false, code: "not-configured" });
	expect(await stub.control({ method: "GET", path: "/health" })).toMatchObject({
		ok: false,
		code: "not-configured",
	});
});
