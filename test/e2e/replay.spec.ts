import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { streamProducer } from "../../local/played/stream-producer.ts";
import { expect, test } from "../support/app.ts";
import { openTown } from "../support/pages.ts";
import { type TestTown, testTown } from "../support/test-town.ts";

let clock = Date.now() - 120_000;
const later = (ms = 200) => {
	clock += ms;
	return clock;
};

/** What an agent says in one message, and a command that it runs there. */
function turn(
	session: string,
	name: string,
	text: string,
	run?: { command: string; output: string; exit: number },
) {
	const ids = { sessionID: session, messageID: `msg_${name}` };
	const event = (type: string, properties: Record<string, unknown>, at = later()) => ({
		...{ at, id: null, type, properties: { sessionID: session, ...properties } },
	});
	const time = { created: later() };
	const said = { ...ids, id: `prt_${name}_1`, type: "text" };
	const events = [
		event("message.updated", { info: { id: ids.messageID, sessionID: session, role: "assistant", time } }),
		event("message.part.updated", { part: { ...said, text: "", time: { start: later() } } }),
		event("message.part.delta", { ...ids, partID: said.id, field: "text", delta: text }),
		event("message.part.updated", { part: { ...said, text, time: { start: clock - 400, end: later() } } }),
	];
	if (!run) return events;
	const start = later();
	const state = { input: { command: run.command }, time: { start } };
	const call = { ...ids, id: `prt_${name}_2`, type: "tool", tool: "bash", callID: `call_${name}` };
	events.push(
		event("message.part.updated", { part: { ...call, state: { ...state, status: "running" } } }, start),
	);
	const end = later(900);
	const done = { status: "completed", output: run.output, metadata: { exit: run.exit } };
	events.push(
		event(
			"message.part.updated",
			{ part: { ...call, state: { ...state, ...done, time: { start, end } } } },
			end,
		),
	);
	return events;
}

/** The agent takes the bead, is started for it, says all this, and is off it again. */
async function works(town: TestTown, agent: string, bead: string, events: ReturnType<typeof turn>) {
	const { client } = town;
	const told = async (method: Parameters<typeof client.gastown>[0], args: object) =>
		client.gastown<never, { attempt_id: string }>(method as never, args as never, undefined, later());
	await told("hookBead", { agent_id: agent, bead_id: bead });
	const { attempt_id: attempt } = await told("startDispatch", { agent_id: agent, skip_back_off: true });
	await told("dispatchOutcome", { attempt_id: attempt, outcome: "started", process_id: "4121" });
	const stream = streamProducer({
		...{ client, agent, attempt, bead, producer: `${agent}:${randomUUID()}` },
		onRefused: (refused) => {
			throw refused;
		},
	});
	for (const event of events) stream.push(event);
	await stream.flush();
	await stream.close();
	await told("unhookBead", { agent_id: agent });
}

const joined = (page: Page) => page.getByRole("log", { name: "Conversations of the bead, joined" });
const momentOf = (page: Page) => page.locator("[data-replay]").getAttribute("data-at");

test("STREAM-3 P7: the conversations of a bead replay joined in time, also those of an agent that is gone; inspector and events tell the same", async ({
	app,
	page,
	signIn,
}) => {
	test.setTimeout(120_000);
	const town = await testTown(app.settings, ["toast", "maple"]);
	const [toast = "", maple = ""] = town.agents;
	const [bead = ""] = await town.beads(1);
	await works(town, toast, bead, [
		...turn("ses_toast", "a", "I look at the redirect first."),
		...turn("ses_toast", "b", "Now the tests.", {
			...{ command: "npm test -- redirect", output: "\u001b[31mone test failed\u001b[0m\n", exit: 1 },
		}),
	]);
	await works(town, maple, bead, turn("ses_maple", "c", "Maple takes over and mends it."));
	await town.client.gastown("deleteAgent", { agent_id: maple });

	await signIn();
	await openTown(page, town.id, `state?open=bead:${bead}&q=`);
	const inspector = page.locator("[data-inspector]");

	await test.step("the bead knows who worked on it and who had it when", async () => {
		await expect(inspector.locator("[data-holds]")).toContainText("maple");
		await inspector.getByRole("button", { name: "Replay, joined in time" }).click();
		await expect(page).toHaveURL(/:replay/);
	});

	await test.step("step by step, from the first words on", async () => {
		await expect(inspector.locator(`[data-speaker="${toast}"]`)).toBeVisible();
		await expect(joined(page)).not.toContainText("Now the tests.");
		const first = Number(await momentOf(page));
		await inspector.getByRole("button", { name: "Step forward" }).click();
		await expect(joined(page)).toContainText("I look at the redirect first.");
		expect(Number(await momentOf(page))).toBeGreaterThan(first);
		await inspector.getByRole("button", { name: "Step back" }).click();
		await expect.poll(() => momentOf(page)).toBe(String(first));
	});

	await test.step("to the next failure, which reads as one though it completed", async () => {
		await inspector.getByRole("button", { name: "Next failure" }).click();
		const failed = joined(page).locator('[data-line="tool"][data-failed]');
		await expect(failed).toContainText("exit 1");
		await expect(failed.locator(".text-ansi-1")).toHaveText("one test failed");
		await expect(joined(page)).not.toContainText("Maple takes over");
	});

	await test.step("a row of the history leads to its moment, and the mark goes along", async () => {
		const history = inspector.getByRole("list", { name: "History of the bead" });
		await history.getByRole("button", { name: /Off the hook of maple/ }).click();
		await expect(history.locator('[aria-current="step"]')).toContainText("maple");
		await expect(joined(page)).toContainText("Maple takes over and mends it.");
		await expect(joined(page)).toContainText("I look at the redirect first.");
		await inspector.getByRole("slider", { name: "Moment of the replay" }).press("Home");
		await expect(joined(page)).not.toContainText("Maple takes over");
	});

	await test.step("it plays to its end; a link gives the same moment", async () => {
		await inspector.getByLabel("Speed").selectOption("20");
		await inspector.getByRole("button", { name: "Play" }).click();
		await expect(joined(page)).toContainText("Maple takes over and mends it.");
		await expect(page.locator("[data-replay]")).toHaveAttribute("data-replay", "still");
		const at = await momentOf(page);
		await expect(page).toHaveURL(new RegExp(`:replay:${at}`));
		await page.reload();
		await expect.poll(() => momentOf(page)).toBe(at);
		await expect(joined(page)).toContainText("Maple takes over and mends it.");
	});

	await test.step("the agent that is gone opens, and says until when its stream is kept", async () => {
		await page.goto(`/towns/${town.id}/agents?open=agent:${maple}`);
		await expect(inspector.locator("[data-removed]")).toContainText(/Removed.*its stream is kept until/);
		await expect(page.getByRole("log", { name: "Conversation of the agent" })).toContainText(
			"Maple takes over",
		);
	});

	await test.step("the tool calls of the other, with input, output and exit", async () => {
		await page.goto(`/towns/${town.id}/agents?open=agent:${toast}:tools`);
		const call = page.locator('[data-call="failure"]');
		await expect(call).toContainText("npm test -- redirect");
		await call.getByRole("button").first().click();
		await expect(call).toContainText("one test failed");
		await inspector.getByRole("radio", { name: "Timeline" }).click();
		await expect(page).toHaveURL(/:timeline/);
		await expect(inspector.locator("[data-status-strip]")).toBeVisible();
		await expect(inspector.getByRole("table", { name: "Status changes" })).toContainText("Working");
	});

	await test.step("events by agent, as chips in the address; a pause counts what comes", async () => {
		await page.goto(`/towns/${town.id}/events?q=agent:maple+kind:hooked`);
		const log = page.getByRole("log", { name: "Changes of the town" });
		await expect(log).toContainText("Hooked by maple");
		await expect(log).not.toContainText("Hooked by toast");
		await page.getByRole("button", { name: "Remove kind:hooked" }).click();
		await expect(page).toHaveURL(/q=agent:maple$/);
		await expect(log).toContainText("Off the hook of maple");
		await page.getByRole("button", { name: "Remove agent:maple" }).click();
		await page.getByRole("button", { name: "Pause" }).click();
		await town.client.gastown("createBead", { title: "Made while it was paused", rig_id: town.rig });
		await expect(page.locator("[data-mode-word]")).toHaveText(
			/Paused at .*, [1-9]\d* lines? waits?, none lost/,
		);
		await expect(log).not.toContainText("Made while it was paused");
		await page.getByRole("button", { name: /Resume/ }).click();
		await expect(log).toContainText("Made while it was paused");
	});
});
