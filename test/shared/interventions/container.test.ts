import { expect, test } from "vitest";
import { CATALOGUE } from "../../../shared/interventions/index.ts";
import { aBead, anAgent, before, container, townOf, value, works } from "../diagnosis/town.ts";
import { button, why } from "./button.ts";

const TOWN = value("town", {
	id: "t",
	name: "Harbour",
	owner_type: "user",
	owner_id: "u",
	created_at: before(99),
});
const policy = (of: Record<string, unknown>) =>
	value("run_policy", { policy: "automatic", since: before(5), by: null, order: null, until: null, ...of });
const USERS_PAUSE = policy({ policy: "paused_by_user", by: "olive" });
const OUR_PAUSE = policy({ policy: "paused_by_user", by: "ada", order: "o", until: before(-60) });

/** A town whose container runs with Toast at work and a mayor that waits, or as these values of its state say. */
const town = (...state: ReturnType<typeof value>[]) =>
	townOf({
		agent_metadata: [
			anAgent("toast", works("b")),
			anAgent("mayor", { role: "mayor", status: "waiting", container_process_id: "77" }),
		],
		beads: [aBead("b", { title: "Fix login", status: "in_progress" })],
		town_state: [TOWN, ...state],
	});
const running = town(container());
const atRest = (status: string, of: Record<string, unknown> = {}) => town(container({ status, ...of }));
const codeOf = (view: typeof running, name: string, params = {}) => why(view, name, "t", params)?.[1] ?? null;

const VERBS = ["container.start", "container.stop", "container.restart", "container.pause"];

test.each([...VERBS, "container.resume", "town.pause-dispatch", "town.resume-dispatch"])(
	"%s is of one town, and disruptive",
	(name) => {
		expect(why(running, name, "another")?.[1]).toBe("gone");
		expect(button(running, name, "t").danger).toBe("disruptive");
		expect(CATALOGUE[name]?.next).not.toBeNull();
	},
);

test.each(VERBS)("%s leaves a container alone that somebody else runs", (name) => {
	const foreign = value("config", { external_container: true });
	expect(codeOf(town(container(), foreign), name)).toBe("external-container");
});

test.each(["container.start", "container.restart"])("%s starts nothing that is held", (name) => {
	const held = (...state: ReturnType<typeof value>[]) =>
		codeOf(town(container({ status: "died" }), ...state), name);
	expect(held()).toBeNull();
	expect(held(value("billing", { blocked: true, since: null, reason: null }))).toBe("billing-blocked");
	expect(held(USERS_PAUSE)).toBe("paused");
	expect(held(OUR_PAUSE)).toBe("paused");
	expect(held(value("drain", { nonce: "n", started_at: before(1) }))).toBe("draining");
});

test.each(["container.start", "container.stop", "container.restart", "container.pause", "container.resume"])(
	"%s depends on what runs and who paused it",
	(name) =>
		expect(button(town(container(), USERS_PAUSE), name, "t").saw).toEqual({
			container_status: "running",
			instance_id: "91ab",
			run_policy: "paused_by_user",
		}),
);

test("container.start says what it costs and how long it stays, and shows that it runs", () => {
	expect(why(running, "container.start", "t")).toEqual([
		"noop",
		"running",
		"It runs already, since 11:00:00 UTC.",
	]);
	const used = atRest("died", { restarts_in_window: 3 });
	expect(button(used, "container.start", "t")).toMatchObject({
		will: [
			"Start the container: $0.113 an hour while it is awake, up to $0.288 more for the processor that it uses.",
			"Set the restart budget back: 3 restarts used.",
		],
		wont: ["Keep it running without work: it is put to sleep again when nothing is to do."],
		effects: [
			{ entity: "town_state", key: "container", is: { value: { status: "running" } }, outside: true },
		],
		outside: [{ kind: "container", verb: "start" }],
	});
	expect(codeOf(town(), "container.start")).toBeNull();
});

test("container.stop names whom it ends, and that ready work starts it again", () => {
	expect(button(running, "container.stop", "t")).toMatchObject({
		will: [
			"Drain: let turns end for a moment, save unfinished work on its branch, then end 2 sessions: Toast, Mayor.",
			"Put 1 bead back to Open; each is started again.",
			"End the container: it costs nothing until it is started again.",
		],
		wont: ["Keep it stopped: as soon as work is ready it is started. Pause it for that."],
		effects: [
			{
				label: "instance 91ab has ended",
				is: { value: { status: "stopped", instance_id: "91ab" } },
				outside: true,
			},
		],
		outside: [{ kind: "container", verb: "stop" }],
	});
	expect(why(atRest("sleeping"), "container.stop", "t")).toEqual([
		"noop",
		"stopped",
		"It does not run, since 11:00:00 UTC.",
	]);
	expect(why(town(), "container.stop", "t")?.[2]).toBe("It has never run.");
});

test("container.restart needs one that ran, and shows another instance", () => {
	expect(button(running, "container.restart", "t")).toMatchObject({
		will: [expect.stringContaining("2 sessions"), expect.stringContaining("1 bead"), "Start a new instance."],
		effects: [{ is: { value: { status: "running" } }, isnt: { value: { instance_id: "91ab" } } }],
		outside: [{ kind: "container", verb: "restart" }],
	});
	expect(codeOf(atRest("stopped"), "container.restart")).toBe("not-running");
	expect(codeOf(town(), "container.restart")).toBe("not-running");
	// Who died has sessions of nobody: only what it costs is said.
	expect(button(atRest("died"), "container.restart", "t").will).toEqual([
		"Start the container: $0.113 an hour while it is awake, up to $0.288 more for the processor that it uses.",
	]);
});

test("LEDGER-10: a pause of the container is for four hours at most, and an owner's pause is left to its owner", () => {
	const pause = button(running, "container.pause", "t");
	expect(pause).toMatchObject({
		will: [
			expect.stringContaining("2 sessions"),
			expect.stringContaining("1 bead"),
			"End the container.",
			"Start nothing for 4 hours; then it goes on by itself.",
		],
		effects: [
			{ key: "run_policy", is: { value: { policy: "paused_by_user", order: "order-1" } }, outside: false },
			{ label: "instance 91ab has ended" },
		],
		outside: [{ kind: "container", verb: "stop" }],
		undo: { name: "container.resume", params: {} },
	});
	const asleep = button(atRest("sleeping"), "container.pause", "t", { hours: 1 });
	expect(asleep).toMatchObject({
		will: ["Start nothing for 1 hour; then it goes on by itself."],
		outside: [],
	});
	for (const hours of [0, -1, 4.5])
		for (const name of ["container.pause", "town.pause-dispatch"])
			expect(CATALOGUE[name]?.params.safeParse({ hours }).success, `${name} ${hours}`).toBe(false);
	expect(codeOf(town(container(), USERS_PAUSE), "container.pause")).toBe("paused");
	// One of ours is renewed.
	expect(codeOf(town(container(), OUR_PAUSE), "container.pause")).toBeNull();
	expect(button(town(container(), OUR_PAUSE), "container.pause", "t").undo).toBeNull();
});

test("LEDGER-10: an admin's pause is resumed by any admin, an owner's only with that said", () => {
	expect(codeOf(running, "container.resume")).toBe("automatic");
	const ours = town(container({ status: "stopped" }), OUR_PAUSE);
	expect(button(ours, "container.resume", "t")).toMatchObject({
		label: "Resume the container",
		verdict: { ok: true },
		will: [
			"Start the container again as soon as work is ready: $0.113 an hour while it is awake, up to $0.288 more for the processor that it uses.",
		],
		effects: [{ key: "run_policy", is: { value: { policy: "automatic" } } }],
		undo: { name: "container.pause", params: {} },
	});
	const owners = town(container({ status: "stopped" }), USERS_PAUSE);
	expect(codeOf(owners, "container.resume")).toBe("users-pause");
	expect(button(owners, "container.resume", "t", { lift_users_pause: true })).toMatchObject({
		label: "Lift the owner's pause",
		verdict: { ok: true },
		will: [
			expect.stringMatching(/^Lift the pause that the town's owner set at 11:55:00 UTC/),
			expect.anything(),
		],
		undo: null,
	});
});

test("LEDGER-10: dispatch is paused for four hours at most, renewed, and resumed", () => {
	const pause = value("dispatch_pause", { since: before(5), until: before(-60), by: "ada", order: "o" });
	const paused = town(container(), pause);
	expect(button(running, "town.pause-dispatch", "t")).toMatchObject({
		label: "Pause dispatch",
		saw: { dispatch_pause: null },
		will: ["Start no agent for any bead for 4 hours; then it goes on by itself."],
		wont: ["Stop agents that work now, or the container."],
		effects: [{ key: "dispatch_pause", is: { value: { order: "order-1" } } }],
		outside: [],
		undo: { name: "town.resume-dispatch", params: {} },
	});
	expect(button(paused, "town.pause-dispatch", "t")).toMatchObject({
		label: "Renew the pause of dispatch",
		verdict: { ok: true },
		saw: { dispatch_pause: before(-60) },
		undo: null,
	});
	expect(codeOf(running, "town.resume-dispatch")).toBe("not-paused");
	expect(button(paused, "town.resume-dispatch", "t")).toMatchObject({
		verdict: { ok: true },
		will: ["End the pause that ada set at 11:55:00 UTC: ready beads are started, which spends money."],
		effects: [{ key: "dispatch_pause", is: { value: null } }],
	});
});
