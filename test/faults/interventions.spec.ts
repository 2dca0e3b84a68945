import { expect } from "@playwright/test";
import { admin } from "../support/local-world.ts";
import { logged, press } from "../support/press.ts";
import { isAlive, runs } from "../support/processes.ts";
import { atWork, mergedOnce, quiet, test, type Watched } from "../support/watched-town.ts";

/** What admins press, against real processes: the effect is seen outside the database too, and one id is followed all the way. */

// Many real processes in turn.
test.setTimeout(180_000);

const agentOf = (town: Watched, agent: string) =>
	town.rows("agent_metadata").find(({ bead_id }) => bead_id === agent);
const beadOf = (town: Watched, bead: string) => town.rows("beads").find(({ bead_id }) => bead_id === bead);
const signalsOf = (town: Watched, agent: string) =>
	town.rows("agent_signals").find(({ agent_id }) => agent_id === agent);
const attemptsOf = (town: Watched, bead: string) => town.journal("dispatch_attempts", { bead_id: bead });
const isGone = (what: string, is: () => boolean) =>
	expect.poll(is, { message: `${what} runs`, timeout: 5_000 }).toBe(false);

/** Whoever is at work on the bead, in another process than before. */
async function nextProcess(
	town: Watched,
	bead: string,
	before: number,
): Promise<{ agent: string; pid: number }> {
	const next = () =>
		town
			.rows("agent_metadata")
			.find(
				({ current_hook_bead_id, container_process_id: pid }) =>
					current_hook_bead_id === bead && pid !== null && pid !== String(before),
			);
	await town.reach("another process", () => next() !== undefined, 20);
	const { bead_id: agent = "", container_process_id: pid } = next() ?? {};
	expect(isAlive(Number(pid))).toBe(true);
	return { agent, pid: Number(pid) };
}

/** Texts of its conversation, of whoever spoke. */
const saidIn = (town: Watched, agent: string): string =>
	JSON.stringify(town.viewer.stream(agent).getState().events);

/** The control server, as the container's own beat tells it. */
const controlPid = (town: Watched): number =>
	town.viewer.store.getState().container?.processes.find(({ role }) => role === "control-server")?.pid ?? 0;

test("LEDGER-2 LEDGER-8: an interrupt ends the turn and its tool, a nudge has the same process go on, and the work is done once", async ({
	watch,
}) => {
	const town = await watch({ env: { SAMPLE_MS: "500" } });
	const title = quiet(61, "toast");
	const { bead, agent, pgid } = await atWork(town, title);
	town.viewer.follow(agent);
	await town.reach("in a turn", () => (signalsOf(town, agent)?.turn_since ?? null) !== null, 5);
	await expect.poll(() => runs("sleep 61"), { timeout: 5_000 }).toBe(true);

	const interrupt = await press(town, "agent.interrupt", agent);
	await isGone("its tool", () => runs("sleep 61"));
	expect(isAlive(pgid)).toBe(true);
	await town.reach("aborted", () => saidIn(town, agent).includes("MessageAbortedError"), 5);
	expect(signalsOf(town, agent)?.turn_since).toBeNull();
	expect(agentOf(town, agent)).toMatchObject({ status: "working", current_hook_bead_id: bead });
	await logged(town, /POST \/agents\/.*\/interrupt/, interrupt);

	const nudge = await press(town, "agent.nudge", agent, {
		message: "Leave the build, go on with the change.",
	});
	await town.reach("said", () => saidIn(town, agent).includes("Leave the build, go on with the change."), 5);
	expect(saidIn(town, agent)).toContain("From an admin of the platform, not from the town's user");
	expect(town.rows("agent_nudges")).toMatchObject([
		{ nudge_id: nudge, source: "admin", status: "delivered", error: null },
	]);
	await logged(town, /POST \/agents\/.*\/message/, nudge);
	await mergedOnce(town, bead, title, 60);
	expect(await attemptsOf(town, bead)).toMatchObject([{ n: 1, end_reason: "completed" }]);
});

test("LEDGER-2 LEDGER-8: kill, unhook, reset and fail end the real process and what it runs; each next start is another attempt", async ({
	watch,
}) => {
	const town = await watch({ env: { SAMPLE_MS: "500" } });
	const { bead, agent, pgid } = await atWork(town, quiet(62, "maple"));
	await expect.poll(() => runs("sleep 62"), { timeout: 5_000 }).toBe(true);

	const kill = await press(town, "agent.kill", agent);
	await isGone("its process", () => isAlive(pgid));
	expect((await attemptsOf(town, bead))[0]).toMatchObject({
		...{ n: 1, exit_code: null, signal: "SIGKILL", end_reason: `ended by ${kill}` },
	});
	await logged(town, /POST \/agents\/.*\/stop/, kill);
	// It stays on its hook: the same agent starts again.
	const second = await nextProcess(town, bead, pgid);
	expect(second.agent).toBe(agent);

	const unhook = await press(town, "agent.unhook", agent);
	await isGone("its process", () => isAlive(second.pid));
	expect((await attemptsOf(town, bead))[1]).toMatchObject({ n: 2, end_reason: `ended by ${unhook}` });
	await logged(town, /POST \/agents\/.*\/stop/, unhook);
	const third = await nextProcess(town, bead, second.pid);
	expect((await attemptsOf(town, bead))[2]).toMatchObject({ n: 3, order_id: null });

	const reset = await press(town, "agent.reset", third.agent);
	await isGone("its process", () => isAlive(third.pid));
	const again = await nextProcess(town, bead, third.pid);
	const attempts = await attemptsOf(town, bead);
	// Its counters were cleared with it.
	expect(attempts.map(({ n }) => n)).toEqual([1, 2, 3, 1]);
	expect(attempts[2]).toMatchObject({ end_reason: `ended by ${reset}` });
	await logged(town, /POST \/agents\/.*\/stop/, reset);

	const fail = await press(town, "bead.fail", bead);
	await isGone("its process", () => isAlive(again.pid));
	await isGone("its tool", () => runs("sleep 62"));
	expect((await attemptsOf(town, bead))[3]).toMatchObject({ end_reason: `ended by ${fail}` });
	expect(beadOf(town, bead)?.status).toBe("failed");
	expect(town.viewer.store.getState().view.tables.town_state.get("stops")?.value).toEqual({
		awaited: [],
		failed: [],
	});
});

test("LEDGER-8: a bead is put first, given to somebody, ended and opened again while nothing starts, and then merged", async ({
	watch,
}) => {
	const town = await watch({ env: { SAMPLE_MS: "500" } });
	await press(town, "town.pause-dispatch", town.id, { hours: 1 });
	const [bead = ""] = await town.beads("Add the maple helper");
	await town.reach("seen", () => beadOf(town, bead) !== undefined, 5);
	await press(town, "bead.priority", bead, { priority: "critical" });
	await press(town, "bead.close", bead);
	expect(beadOf(town, bead)).toMatchObject({ status: "closed", priority: "critical" });
	await press(town, "bead.reopen", bead);
	expect(beadOf(town, bead)).toMatchObject({ status: "open", closed_at: null });
	expect(await attemptsOf(town, bead)).toEqual([]);
	await press(town, "town.resume-dispatch", town.id);
	// Closed once by the admin, once by its merge.
	await town.reach("merged", () => beadOf(town, bead)?.status === "closed", 60);
	expect(town.rows("review_metadata").filter(({ merge_commit }) => merge_commit !== null)).toHaveLength(1);
	const { bead_id: maple = "" } =
		town
			.rows("agent_metadata")
			.find(({ bead_id }) => bead_id === beadOf(town, bead)?.assignee_agent_bead_id) ?? {};

	await press(town, "town.pause-dispatch", town.id, { hours: 1 });
	const [next = ""] = await town.beads("Add the willow helper");
	await town.reach("seen", () => beadOf(town, next) !== undefined, 5);
	await press(town, "bead.reassign", next, { agent: maple });
	expect(beadOf(town, next)?.assignee_agent_bead_id).toBe(maple);
	await press(town, "town.resume-dispatch", town.id);
	await town.reach("started by it", () => agentOf(town, maple)?.current_hook_bead_id === next, 20);
});

test("LEDGER-2 LEDGER-8: a permission that is answered lets the tool go on, and the work is done", async ({
	watch,
}) => {
	const town = await watch({ env: { SAMPLE_MS: "500" } });
	const title = "Clean the build for clove";
	const [bead = ""] = await town.beads(title);
	const asking = () =>
		town.rows("agent_signals").find(({ pending_permission }) => pending_permission !== null);
	await town.reach("asked", () => asking() !== undefined, 20);
	const { agent_id: agent = "", pending_permission: asked } = asking() ?? {};
	town.viewer.follow(agent);
	expect(asked).toMatchObject({ permission: "bash", patterns: [expect.stringMatching(/^rm /)] });

	const answer = await press(town, "agent.answer-permission", agent, {
		permission: asked?.id,
		reply: "once",
	});
	expect(signalsOf(town, agent)?.pending_permission).toBeNull();
	const replied = () =>
		town.viewer
			.stream(agent)
			.getState()
			.events.find(([, , , type]) => type === "permission.replied");
	await town.reach("replied", () => replied() !== undefined, 5);
	expect(replied()?.[4]).toMatchObject({ requestID: asked?.id, reply: "once" });
	await logged(town, /POST \/agents\/.*\/permissions/, answer);
	await mergedOnce(town, bead, title, 60);
	expect(await attemptsOf(town, bead)).toMatchObject([{ n: 1, end_reason: "completed" }]);
});

test("LEDGER-2 LEDGER-10: while dispatch is paused the mayor is messaged and restarted and no work begins; what failed is retried and done", async ({
	app,
	watch,
}) => {
	const town = await watch({ env: { SAMPLE_MS: "500" }, thresholds: { max_dispatch_attempts: 1 } });
	const mayor = `${town.id}.mayor`;
	const pause = await press(town, "town.pause-dispatch", town.id, { hours: 1 });
	const paused = () => town.viewer.store.getState().view.tables.town_state.get("dispatch_pause")?.value;
	expect(paused()).toMatchObject({ order: pause, until: expect.any(String) });
	const title = "Add the fennel helper";
	const [bead = ""] = await town.beads(title);

	// Its container does not run, and is started for the message.
	town.viewer.follow(mayor);
	const message = await press(town, "mayor.message", mayor, { message: "What is the status?" });
	await town.reach("answered", () => saidIn(town, mayor).includes("This is how things stand"), 10);
	expect(saidIn(town, mayor)).toContain("From an admin of the platform, not from the town's user");
	await logged(town, /POST \/agents\/.*\/message/, message);
	const first = Number(agentOf(town, mayor)?.container_process_id);
	const restart = await press(town, "mayor.restart", mayor);
	await isGone("the mayor's process", () => isAlive(first));
	const second = Number(agentOf(town, mayor)?.container_process_id);
	expect(second).not.toBe(first);
	expect(isAlive(second)).toBe(true);
	const sessions = await attemptsOf(town, mayor);
	expect(sessions).toMatchObject([
		{ order_id: null, end_reason: `ended by ${restart}` },
		{ order_id: restart, ended_at: null },
	]);
	for (const what of [/\/stop/, /POST \/agents\/start/, /\/message/]) await logged(town, what, restart);
	// It goes on with its conversation.
	await town.reach("told", () => saidIn(town, mayor).includes("Your session was restarted."), 5);
	expect(new Set(saidIn(town, mayor).match(/"sessionID":"ses_\w+"/g)).size).toBe(1);
	expect(await attemptsOf(town, bead)).toEqual([]);
	expect(town.rows("agent_metadata").map(({ role }) => role)).toEqual(["mayor"]);

	await admin(app, "forge-down", { down: true });
	await press(town, "town.resume-dispatch", town.id);
	expect(paused()).toBeNull();
	await town
		.reach("failed", () => beadOf(town, bead)?.status === "failed", 20)
		.finally(() => admin(app, "forge-down", { down: false }));
	expect(await attemptsOf(town, bead)).toMatchObject([{ n: 1, outcome: "failed" }]);

	const retry = await press(town, "bead.retry-dispatch", bead);
	await mergedOnce(town, bead, title, 60);
	const attempts = await attemptsOf(town, bead);
	expect(attempts).toMatchObject([{ order_id: null }, { n: 1, order_id: retry, end_reason: "completed" }]);
	await logged(town, /POST \/agents\/start/, retry);
});

test("LEDGER-2 LEDGER-10: a container is restarted, paused, resumed, stopped and started, and what it told bears the id", async ({
	watch,
}) => {
	const town = await watch({
		env: { SAMPLE_MS: "500", DRAIN_MS: "300" },
		thresholds: { nudge_expires_ms: 1_500 },
	});
	const { bead, pgid } = await atWork(town, quiet(63, "bramble"));
	const events = () => town.journal("container_events");
	/** What the container was at, oldest first; what the arm did of this order. */
	const types = async () => (await events()).map(({ type }) => type);
	const ofOrder = async (id: string) =>
		(await events()).filter(({ detail }) => detail.correlation === id).map(({ type }) => type);
	await expect.poll(() => controlPid(town)).toBeGreaterThan(0);
	const first = controlPid(town);

	const restart = await press(town, "container.restart", town.id);
	for (const pid of [first, pgid]) await isGone(`process ${pid}`, () => isAlive(pid));
	expect(await ofOrder(restart)).toEqual(["stop", "start"]);
	expect(await types()).toEqual(["start", "eviction", "stop", "start"]);
	const [begun, , ended, anew] = await events();
	expect(ended).toMatchObject({
		...{ instance_id: begun?.instance_id, exit_code: 0, reason: "restarted by an admin" },
	});
	expect(anew?.instance_id).not.toBe(begun?.instance_id);
	await logged(town, /control server listens on/, restart);
	const second = await nextProcess(town, bead, pgid);
	// While it drained nothing was brought there.
	expect(await attemptsOf(town, bead)).toMatchObject([
		{ n: 1, end_reason: "container eviction" },
		{ n: 2, outcome: "started", ended_at: null },
	]);
	await expect.poll(() => controlPid(town)).not.toBe(first);
	const other = controlPid(town);

	const pause = await press(town, "container.pause", town.id, { hours: 1 });
	for (const pid of [other, second.pid]) await isGone(`process ${pid}`, () => isAlive(pid));
	expect(await ofOrder(pause)).toEqual(["stop"]);
	// Neither ready work nor its owner's word starts it, in all the looks until that word has expired.
	const [waiting = ""] = await town.beads(quiet(65, "clove"));
	await town.client.gastown("sendMayorMessage", { message: "Are you there?" });
	await town.reach("expired", () => town.rows("agent_nudges")[0]?.status === "expired", 10);
	expect((await types()).slice(4)).toEqual(["eviction", "stop"]);
	expect(await attemptsOf(town, waiting)).toEqual([]);

	await press(town, "container.resume", town.id);
	const third = await nextProcess(town, bead, second.pid);
	for (const one of [waiting, bead]) await press(town, "bead.fail", one);
	await isGone("its process", () => isAlive(third.pid));

	await expect.poll(() => controlPid(town)).not.toBe(other);
	const last = controlPid(town);
	const stop = await press(town, "container.stop", town.id);
	await isGone("the container", () => isAlive(last));
	expect(await ofOrder(stop)).toEqual(["stop"]);
	const start = await press(town, "container.start", town.id);
	expect(await ofOrder(start)).toEqual(["start"]);
	await logged(town, /control server listens on/, start);
	await expect.poll(() => isAlive(controlPid(town))).toBe(true);
	expect(controlPid(town)).not.toBe(last);
});

test("FEED-7 SESSION-4: what ends an agent or the container from a terminal is seen by a viewer at once", async ({
	watch,
}) => {
	const town = await watch({ env: { SAMPLE_MS: "500" } });
	const { bead, pgid } = await atWork(town, quiet(64, "juniper"));
	const seen = async (what: string, pid: number, is: () => boolean) => {
		const at = Date.now();
		process.kill(pid, "SIGKILL");
		await town.reach(what, is, 5);
		console.log(`${what} was seen after ${Date.now() - at} ms`);
	};
	const attempts = () => town.rows("dispatch_attempts").filter(({ bead_id }) => bead_id === bead);
	await seen("SIGKILL of an agent", pgid, () => attempts().some(({ signal }) => signal === "SIGKILL"));
	const { pid } = await nextProcess(town, bead, pgid);
	const stop = () => town.rows("container_events").find(({ type }) => type === "stop");
	await seen("SIGKILL of the container", controlPid(town), () => stop() !== undefined);
	expect(stop()).toMatchObject({ exit_code: 137, reason: "killed by SIGKILL", detail: { ordered: false } });
	await isGone("its agent", () => isAlive(pid));
	await nextProcess(town, bead, pid);
	await press(town, "bead.fail", bead);
});
