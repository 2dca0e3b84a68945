import { expect } from "@playwright/test";
import { currentPrompt, promptHash } from "../../shared/gastown/index.ts";
import { amountOf, amountsBy, hourly } from "../../web/spend/spend.ts";
import { press } from "../support/press.ts";
import { test, type Watched } from "../support/watched-town.ts";

const saidIn = (town: Watched, agent: string): string =>
	JSON.stringify(town.viewer.stream(agent).getState().events);

test("LEDGER-2 LEDGER-8: the prompt and the model of the mayor's session are set in its process, and spend adds up to what its attempts used", async ({
	watch,
}) => {
	test.setTimeout(120_000);
	const town = await watch({ env: { SAMPLE_MS: "500" } });
	const mayor = `${town.id}.mayor`;
	const session = () => town.rows("agent_sessions").find(({ agent_id }) => agent_id === mayor);
	town.viewer.follow(mayor);
	await press(town, "mayor.message", mayor, { message: "What is the status?" });
	await town.reach("told of its session", () => session()?.session_id != null, 10);
	const first = session();
	expect(first).toMatchObject({
		model: "scripted/m",
		prompt_hash: promptHash(currentPrompt("mayor", "Mayor", {})),
	});

	// The town's instructions change under it: the hashes differ until the prompt is refreshed.
	const config = town.rows("town_state").find(({ key }) => key === "config")?.value as Record<
		string,
		unknown
	>;
	const instructions = "Answer in verse.";
	await town.client.gastown("setTownState", {
		key: "config",
		value: { ...config, custom_instructions: instructions },
	});
	await town.reach(
		"the new instructions",
		() => JSON.stringify(town.rows("town_state")).includes(instructions),
		10,
	);
	await press(town, "mayor.refresh-prompt", mayor);
	const now = promptHash(currentPrompt("mayor", "Mayor", { custom_instructions: instructions }));
	expect(now).not.toBe(first?.prompt_hash);
	expect(session()).toMatchObject({ prompt_hash: now, session_id: first?.session_id, pid: first?.pid });

	await press(town, "agent.set-model", mayor, { model: "scripted/fast" });
	expect(session()).toMatchObject({ model: "scripted/fast", pid: first?.pid });
	// Its next turn is of that model.
	await press(town, "mayor.message", mayor, { message: "And what is the status now?" });
	await town.reach("a turn of it", () => saidIn(town, mayor).includes('"modelID":"fast"'), 20);

	// Spend: the town's rows, hours and models say what the attempts' own messages add up to.
	const usage = () => town.rows("usage");
	await town.reach("used", () => usage().some(({ model }) => model.includes("fast")), 20);
	const [attempt] = await town.journal("dispatch_attempts", { agent_id: mayor });
	expect(new Set(usage().map(({ attempt_id }) => attempt_id))).toEqual(new Set([attempt?.attempt_id]));
	const whole = amountOf(usage());
	expect(whole.input).toBeGreaterThan(0);
	expect(amountOf(town.rows("usage_hours"))).toEqual(whole);
	expect(
		hourly(town.rows("usage_hours"), []).reduce((sum, { input, output }) => sum + input + output, 0),
	).toBe(whole.input + whole.output);
	expect(amountsBy(usage(), ({ model }) => model)).toHaveLength(2);
});
