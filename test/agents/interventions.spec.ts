import { press } from "../support/press.ts";
import { runs } from "../support/processes.ts";
import type { Watched } from "../support/watched-town.ts";
import { equalsOwnAnswer } from "./support/equals-own-answer.ts";
import { expect, PATIENT, test } from "./support/real-agents.ts";

test("AGENT-2 STREAM-5 LEDGER-8: what an admin does reaches the real server: it stops and goes on, and does what it is allowed to", async ({
	app,
	agents,
	watch,
}) => {
	const town = await watch(PATIENT);
	// Of this test alone.
	const seconds = 600 + (process.pid % 1_000);
	const [build = "", clean = ""] = await town.beads(`A quiet build of ${seconds} s`, "Clean the build");

	const builder = await workerOn(town, build);
	const isBuilding = () => runs(`sleep ${seconds}`);
	await expect.poll(isBuilding, { timeout: 90_000 }).toBe(true);
	const inTurn = () =>
		town.rows("agent_signals").some((one) => one.agent_id === builder && one.turn_since !== null);
	await town.reach("told of its turn", inTurn, 20);
	await press(town, "agent.interrupt", builder);
	await expect.poll(isBuilding, { timeout: 30_000 }).toBe(false);
	await press(town, "agent.nudge", builder, { message: "Go on without it." });

	const cleaner = await workerOn(town, clean);
	const signals = () => town.rows("agent_signals").find(({ agent_id }) => agent_id === cleaner);
	const asked = () => signals()?.pending_permission ?? null;
	await town.reach("asking", () => asked() !== null, 90);
	expect(asked()).toMatchObject({ permission: "bash", patterns: expect.arrayContaining(["rm -rf build"]) });
	const answer = { permission: asked()?.id, reply: "once" };
	await press(town, "agent.answer-permission", cleaner, answer);

	const isHandedIn = (bead: string) =>
		town.rows("beads").some((one) => one.bead_id === bead && ["in_review", "closed"].includes(one.status));
	await town.reach("both handed in", () => isHandedIn(build) && isHandedIn(clean), 120);
	for (const bead of [build, clean]) {
		const attempt = town.rows("dispatch_attempts").find(({ bead_id }) => bead_id === bead);
		if (!attempt) throw new Error(`there is no attempt at ${bead}`);
		await equalsOwnAnswer(town, { app, agents }, attempt);
	}
});

/** The agent that has this bead on its hook and a process, followed. */
async function workerOn(town: Watched, bead: string): Promise<string> {
	const found = () =>
		town
			.rows("agent_metadata")
			.find((agent) => agent.current_hook_bead_id === bead && agent.container_process_id)?.bead_id;
	await town.reach("at work", () => found() !== undefined, 120);
	const agent = found() ?? "";
	town.viewer.follow(agent);
	return agent;
}
