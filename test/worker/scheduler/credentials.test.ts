import { expect, it, test } from "vitest";
import { METHODS } from "../../../shared/ingest/index.ts";
import { fingerprintOf } from "../../../worker/town/credentials/kept.ts";
import { reconcile } from "../../../worker/town/scheduler/reconcile.ts";
import type { SchedulerState, TokenNow } from "../../../worker/town/scheduler/state.ts";
import { setTownState, townValue } from "../../../worker/town/town-state.ts";
import { workingTown } from "../town/support.ts";
import { agent, MINUTE, NOW, token, town, working } from "./builders.ts";
import { schedulerOf } from "./support.ts";

const DAY = 24 * 60 * MINUTE;
const holding = (more: Partial<TokenNow>, state: Partial<SchedulerState> = {}) =>
	town([], [], { tokens: [token("r", more)], ...state });
const renewals = (state: SchedulerState) =>
	reconcile(state).flatMap((action) => (action.type === "refresh_git_token" ? [action.fresh] : []));

test.each<[string, SchedulerState, boolean[]]>([
	["a token that lives for long is left alone", holding({}), []],
	["one that ends within ten minutes is renewed", holding({ ends_at: NOW + 9 * MINUTE }), [true]],
	["one that has ended is renewed", holding({ ends_at: NOW - MINUTE }), [true]],
	[
		"one that lives for minutes is renewed when half of its life is over",
		holding({ ends_at: NOW + 3 * MINUTE, life_ms: 6 * MINUTE + 1 }),
		[true],
	],
	["and not before", holding({ ends_at: NOW + 4 * MINUTE, life_ms: 6 * MINUTE }), []],
	["one without an end is left alone", holding({ ends_at: null, life_ms: null }), []],
	["one that git was refused with is renewed", holding({ usable: null }), [true]],
	["an older one is replaced by the one that is kept", holding({ held: "f0" }), [false]],
	[
		"an older one is not, while a start takes the newer along",
		town([], [working("toast", "b", { attempt_outcome: "starting", attempt_at: NOW })], {
			tokens: [token("r", { held: "f0" })],
		}),
		[],
	],
	["a rig whose token the container does not hold is none of its", town([], [agent("toast")]), []],
])("CRED-2: %s", (_, state, expected) => {
	expect(renewals(state)).toEqual(expected);
});

const kilo = (more: object) =>
	town([], [], {
		kilo: {
			fingerprint: "k1",
			held: "k1",
			ends_at: null,
			told: { fingerprint: "k1", message: null },
			...more,
		},
	});
test.each<[string, SchedulerState, string[]]>([
	["one that is known and held is left alone", kilo({}), []],
	["one that was set is told", kilo({ told: null, held: null }), ["note_kilo_token"]],
	[
		"one that was set anew is told and pushed",
		kilo({ fingerprint: "k2" }),
		["note_kilo_token", "push_kilo_token"],
	],
	["one that ends within a week is told", kilo({ ends_at: NOW + 6 * DAY }), ["note_kilo_token"]],
	["one that ends later is not", kilo({ ends_at: NOW + 8 * DAY }), []],
])("CRED-2: of the Kilo token: %s", (_, state, expected) => {
	expect(reconcile(state).map(({ type }) => type)).toEqual(expected);
});

/** A token service whose tokens live an hour, and a forge that lets them push. */
function outside(now: () => number) {
	const world = { refuse: null as { status: number; code: string; message: string } | null, resolved: 0 };
	const send: typeof fetch = async (input) => {
		if (!String(input).startsWith("http://tokens/")) return Response.json({ permissions: { push: true } });
		world.resolved += 1;
		if (world.refuse) return Response.json({ error: world.refuse }, { status: world.refuse.status });
		const issued = ["ghs", `issued${world.resolved}`.padEnd(36, "0")].join("_");
		return Response.json({ token: issued, expires_at: new Date(now() + 60 * MINUTE).toISOString() });
	};
	return { world, send };
}

/** A town whose container runs and whose rig's token was handed to it with a start. */
async function handed(
	id: string,
	part: (kit: ReturnType<typeof schedulerOf>, world: ReturnType<typeof outside>["world"]) => Promise<void>,
) {
	const made = await workingTown(id, NOW);
	await made.must("setTownState", {
		key: "config",
		value: { thresholds: { idle_stop_ms: DAY, tick_active_ms: 30_000, container_token_refresh_ms: DAY } },
	});
	await made.must("createRig", {
		...{ id: "rig-2", name: "api", git_url: "http://forge/acme/api.git", platform_integration_id: "app-1" },
	});
	await made.must("createAgent", { id: `${id}/maple`, role: "polecat", name: "Maple", rig_id: "rig-2" });
	await made.must("createBead", { id: "bead-2", title: "Paint the fence", rig_id: "rig-2" });
	await made.must("closeBead", { bead_id: "bead-1" });
	await made.inside(async (_, ctx) => {
		let now = () => NOW;
		const { world, send } = outside(() => now());
		const kit = schedulerOf(id, ctx, NOW, send);
		now = kit.now;
		/** What it is given, it holds. */
		const held: Record<string, string> = {};
		kit.arm.reply = ({ path, body }) => {
			const given = body as {
				git_token?: { token: string };
				git_tokens?: { token: string }[];
				kilo_token?: string;
			};
			for (const one of [given?.git_token, ...(given?.git_tokens ?? [])])
				if (one) held["rig-2"] = fingerprintOf(one.token);
			if (given?.kilo_token) held.kilo = fingerprintOf(given.kilo_token);
			return { ok: true, status: 200, body: path === "/refresh-token" ? { fingerprints: held } : {} };
		};
		kit.up();
		await kit.run(MINUTE);
		expect(world.resolved).toBe(1);
		kit.call((town) => {
			town.sql.run("UPDATE beads SET status = 'closed' WHERE bead_id = 'bead-2'");
			town.sql.run(
				"UPDATE agent_metadata SET status = 'idle', current_hook_bead_id = NULL, current_attempt_id = NULL",
			);
			return { ok: true, value: null };
		});
		await part(kit, world);
	});
}
/** Time goes on while the container beats. */
async function alive(kit: ReturnType<typeof schedulerOf>, minutes: number) {
	for (let n = 0; n < minutes; n++) {
		const held = kit.town.sql.one<{ value: string }>("SELECT value FROM container_pulse WHERE id = 1");
		kit.beat({ fingerprints: held ? JSON.parse(held.value).fingerprints : {} });
		await kit.run(MINUTE);
	}
}
const events = (kit: ReturnType<typeof schedulerOf>, credential: string) =>
	kit.town.sql.all<Record<string, unknown>>(
		"SELECT type, outcome, message, fingerprint FROM credential_events WHERE credential = ? ORDER BY id",
		credential,
	);

it("CRED-2: a token that a running container holds is renewed before it ends, pushed, and no session is touched", () =>
	handed("s-renew", async (kit, world) => {
		const before = kit.arm.asked.length;
		await alive(kit, 48);
		expect(world.resolved).toBe(1);
		await alive(kit, 4);
		expect(world.resolved).toBe(2);
		const asked = kit.arm.asked.slice(before).filter((one) => !one.startsWith("GET"));
		expect(asked).toEqual(["POST /refresh-token"]);
		const told = events(kit, "git");
		expect(told.map(({ type, outcome }) => `${type} ${outcome}`)).toEqual([
			...["resolve ok", "verify ok"],
			...["resolve ok", "verify ok", "push ok"],
		]);
		expect(told.at(-1)?.fingerprint).toBe(told.at(-2)?.fingerprint);
		expect(told.at(-1)?.fingerprint).not.toBe(told[0]?.fingerprint);
		const sent = JSON.stringify(kit.arm.requests.find(({ path }) => path === "/refresh-token")?.body);
		const logged = JSON.stringify(kit.town.sql.all("SELECT * FROM change_log"));
		expect(sent).toContain("ghs_");
		expect(logged).not.toContain("ghs_issued");
	}));

it("CRED-2: a renewal that fails is told in the service's words, waits longer each time, and does it when it can", () =>
	handed("s-revoked", async (kit, world) => {
		world.refuse = { status: 403, code: "revoked", message: "The installation was removed by its owner." };
		await alive(kit, 80);
		expect(world.resolved).toBeGreaterThan(3);
		expect(world.resolved).toBeLessThan(16);
		expect(events(kit, "git").at(-1)).toMatchObject({
			...{ type: "resolve", outcome: "revoked", message: "The installation was removed by its owner." },
		});
		const told = townValue(kit.town, "scheduler");
		expect(told?.last_error).toContain("The installation was removed by its owner.");
		expect(told?.failed).toBe(world.resolved - 1);
		world.refuse = null;
		await alive(kit, 6);
		expect(events(kit, "git").at(-1)).toMatchObject({ type: "push", outcome: "ok" });
	}));

it("CRED-2: what a container holds is its own word: a new one that has not spoken is not guessed at", () =>
	handed("s-spoken", async (kit, world) => {
		kit.beat({ fingerprints: { "rig-2": "00000000" } });
		await kit.run(MINUTE);
		expect(kit.arm.count("POST /refresh-token")).toBe(1);
		kit.beat({ fingerprints: { "rig-2": "00000000" } });
		kit.at(kit.now() + 1_000);
		kit.call((town) => {
			const container = townValue(town, "container");
			town.sql.run(
				"UPDATE town_state SET value = ? WHERE key = 'container'",
				JSON.stringify({ ...container, instance_id: "i-2", since: new Date(kit.now()).toISOString() }),
			);
			return { ok: true, value: null };
		});
		await kit.run(MINUTE);
		expect(kit.arm.count("POST /refresh-token")).toBe(1);
		expect(world.resolved).toBe(1);
	}));

/** Unsigned: only its end is read. */
const kiloUntil = (end: number) =>
	["eyJhbGciOiJub25lIn0", btoa(JSON.stringify({ exp: end / 1_000 })).replaceAll("=", ""), "x"].join(".");

it("CRED-2: a Kilo token goes with each start, reaches the container when it is set anew, and its end is told once a step", () =>
	handed("s-kilo", async (kit) => {
		const set = (kilocode_token: string) =>
			kit.call((town) => {
				const { thresholds } = townValue(town, "config") ?? {};
				const args = { key: "config", value: { thresholds, kilocode_token } } as const;
				return setTownState(town, METHODS.setTownState.parse(args) as never);
			});
		set(kiloUntil(NOW + 30 * DAY));
		await alive(kit, 2);
		expect(events(kit, "kilo")).toMatchObject([{ type: "resolve", outcome: "ok", message: null }]);
		expect(kit.arm.count("POST /refresh-token")).toBe(0);

		kit.beat({ fingerprints: { kilo: "00000000" } });
		await alive(kit, 2);
		expect(kit.arm.count("POST /refresh-token")).toBe(1);
		expect(events(kit, "kilo").at(-1)).toMatchObject({ type: "push", outcome: "ok" });

		kit.at(NOW + 24 * DAY);
		await alive(kit, 3);
		kit.at(NOW + 31 * DAY);
		await alive(kit, 3);
		expect(events(kit, "kilo").slice(2)).toMatchObject([
			{ type: "verify", outcome: "ok", message: expect.stringMatching(/^It ends at /) },
			{ type: "verify", outcome: "failed", message: expect.stringMatching(/^It ended at /) },
		]);
		expect(JSON.stringify(kit.town.sql.all("SELECT * FROM change_log"))).not.toContain("eyJhbGciOiJub25lIn0");
	}));
