import { expect } from "@playwright/test";
import { openTown } from "../support/pages.ts";
import { press } from "../support/press.ts";
import { isAlive } from "../support/processes.ts";
import { atWork, quiet, test, type Watched } from "../support/watched-town.ts";

/** What is done to a town whose scheduler is held up, and to what it asks of people: on one real town, seen in its page, too. */

test.setTimeout(180_000);

const statusOf = (town: Watched, bead: string) =>
	town.rows("beads").find(({ bead_id }) => bead_id === bead)?.status;
const state = (town: Watched, key: string) => town.rows("town_state").find((row) => row.key === key)?.value;
const controlPid = (town: Watched): number =>
	town.viewer.store.getState().container?.processes.find(({ role }) => role === "control-server")?.pid ?? 0;
const agentOf = (town: Watched, id: string) =>
	town.rows("agent_metadata").find(({ bead_id }) => bead_id === id);

/** The town asks what is to become of an agent at its bead. */
async function triage(town: Watched, bead: string, agent: string): Promise<string> {
	const id = `${bead}.asked`;
	await town.client.gastown("createBead", {
		...{ id, title: "Triage: it seems stuck", rig_id: town.rig, labels: ["gt:triage-request"] },
		metadata: {
			...{ triage_type: "stuck_agent", agent_bead_id: agent, bead_id: bead },
			attempt_id: agentOf(town, agent)?.current_attempt_id ?? null,
		},
	});
	await town.reach("the request", () => statusOf(town, id) === "open", 5);
	return id;
}

test("LEDGER-8 SCHED-8: what is asked is decided and acknowledged, an event that fails is discarded, drain and breaker let go, the alarm comes", async ({
	watch,
	page,
	signIn,
	app,
}) => {
	const town = await watch({
		env: { SAMPLE_MS: "500" },
		config: { triage: { agent: false } },
		thresholds: { circuit_beads: 1, back_off_ms: [60_000], drain_clear_ms: 600_000 },
	});

	// A decision of an admin ends the real process and closes its bead.
	const first = await atWork(town, quiet(61, "toast"));
	const asked = await triage(town, first.bead, first.agent);
	await press(town, "triage.resolve", asked, { action: "CLOSE_BEAD" });
	await expect.poll(() => isAlive(first.pgid), { timeout: 10_000 }).toBe(false);
	expect([statusOf(town, asked), statusOf(town, first.bead)]).toEqual(["closed", "closed"]);
	const events = await town.journal("bead_events", { bead_id: asked });
	expect(events).toContainEqual(
		expect.objectContaining({ event_type: "triage_resolved", new_value: "CLOSE_BEAD" }),
	);

	// Seen, and open still; taken back it is as it was.
	await town.client.gastown("routeEscalation", {
		agent_id: first.agent,
		severity: "low",
		message: "Help me.",
	});
	await town.reach("the escalation", () => town.rows("escalation_metadata").length === 1, 5);
	const [before] = town.rows("escalation_metadata");
	const escalation = before?.bead_id ?? "";
	await press(town, "escalation.acknowledge", escalation);
	expect(statusOf(town, escalation)).toBe("open");
	expect(town.rows("escalation_metadata")).toMatchObject([{ acknowledged: 1 }]);
	await press(town, "escalation.acknowledge", escalation, { seen: false });
	expect(town.rows("escalation_metadata")).toEqual([before]);

	// A container that does not answer: its event is tried in vain, until it is thrown away.
	const second = await atWork(town, quiet(62, "maple"));
	const open = () => town.rows("town_events").find(({ processed_at }) => processed_at === null);
	const stuck = await triage(town, second.bead, second.agent);
	const control = controlPid(town);
	process.kill(control, "SIGSTOP");
	try {
		await town.client.gastown("resolveTriage", { triage_request_bead_id: stuck, action: "CLOSE_BEAD" });
		await town.reach("a try in vain", () => (open()?.tries ?? 0) > 0, 30);
		const event = open()?.event_id ?? "";
		await signIn();
		await openTown(page, town.id, "scheduler");
		const inbox = page.getByRole("list", { name: "Events that wait" });
		await expect(inbox).toContainText("did not answer");
		await expect(inbox.getByRole("button", { name: /^Discard end process/ })).toBeEnabled();
		await press(town, "town.discard-event", town.id, { event });
		await expect(page.getByText("Nothing waits to be done outside the database.")).toBeVisible();
		expect(open()).toBeUndefined();
	} finally {
		process.kill(control, "SIGCONT");
	}

	// A drain that nobody acknowledges holds the town up, and a look that is ordered comes.
	await town.client.gastown("setTownState", { key: "drain", value: { nonce: "n" } });
	await town.reach("draining", () => (state(town, "drain") ?? null) !== null, 5);
	await press(town, "town.clear-drain", town.id);
	const look = await press(town, "town.rearm-alarm", town.id);
	expect(state(town, "look_order")).toMatchObject({ order: look, looked_at: expect.any(String) });

	// The breaker opens by a start that fails, and is closed; that stands in force, with its end.
	const broken = `${town.id}.broken`;
	await town.client.gastown("createRig", {
		...{ id: broken, name: "broken", platform_integration_id: town.integration },
		git_url: `http://127.0.0.1:${app.settings.forgePort}/test/no-such-repository.git`,
	});
	await town.client.gastown("createBead", { id: `${broken}.1`, title: "Cannot start", rig_id: broken });
	await town.reach("the breaker open", () => (state(town, "circuit") ?? null) !== null, 40);
	await expect(page.getByRole("list", { name: "What holds it up" })).toContainText("Open");
	await press(town, "town.reset-breaker", town.id);
	await expect(page.getByRole("list", { name: "What holds it up" })).not.toContainText("Open");
	await page.getByRole("button", { name: "In force 1" }).click();
	await expect(page.getByRole("region", { name: "In force" })).toContainText("Reset the circuit breaker");
});
