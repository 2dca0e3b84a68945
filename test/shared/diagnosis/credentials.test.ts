import { expect, test } from "vitest";
import { diagnose } from "../../../shared/diagnosis/index.ts";
import { put } from "../../../shared/town-view/index.ts";
import { aToken, config, theTown } from "./states/rows.ts";
import { gone, outside, overdue, rotated, states, unresolved, withToken } from "./states/scenario-5.ts";
import { rootsOf, testStates, toldOf } from "./states/tell.ts";
import { anAgent, before, container, NOW, signals, townOf } from "./town.ts";

const api = { credential: "git", rig: "api" };

testStates(states, {
	"credential.expired": {
		sentence: "Rig api's git token expired 34 min ago: 3 git operations were denied since",
		recovers: "button",
		behind: ["toast", "b"],
		params: { "credential.refresh": api },
		silent: {
			"it has time left": () => withToken({ ...overdue, expires_at: before(-5) }),
			"it has no end": () => withToken({ ...overdue, expires_at: null }),
			"nothing was refused since": () => withToken({ ...overdue, failures_since_ok: 0 }),
			"its integration was revoked": () => withToken({ ...overdue, ...gone }),
			"no other can be found": () => withToken({ ...overdue, ...unresolved }),
		},
		otherwise: {
			"it was set by hand, so that asking again is no help": () => withToken({ ...overdue, source: "manual" }),
			"one operation was denied": () => withToken({ ...overdue, failures_since_ok: 1 }),
			"it ended less than a minute ago, in a town that allows less": () =>
				withToken({ ...overdue, expires_at: before(0.5) }, { config: { thresholds: { git_token_slack_ms: 9_000 } } }),
			"its renewal was refused instead": () =>
				withToken({ expires_at: before(34), last_outcome: "unauthorized", last_status: 401, last_outcome_at: before(1), last_message: "Bad credentials" }),
		},
	},
	"credential.revoked": {
		sentence: "Rig api's access to its repository was revoked: no new git token is given since 12 min",
		recovers: "user",
		behind: ["toast", "b"],
		params: { "credential.relink": { integration: "i-2" } },
		silent: {
			"the last answer is good": () => withToken({ ...gone, last_outcome: "ok" }),
			"the token service fails": () => withToken(unresolved),
		},
		otherwise: {
			"no token holds any more": () => withToken({ ...gone, expires_at: before(1) }),
			"no other integration works": () => withToken(gone, { web: { platform_integration_id: null } }),
			"it said nothing": () => withToken({ ...gone, last_message: null }),
		},
	},
	"credential.wrong-integration": {
		sentence: "Rig api is linked to an integration that does not cover harbor/api: the forge answers 404",
		recovers: "button",
		behind: ["toast", "b"],
		params: { "credential.relink": { integration: "i-2" } },
		silent: {
			"the forge knows it": () => withToken({ ...outside, last_outcome: "ok" }),
			"the forge does not know the token": () => withToken({ ...outside, last_status: 401 }),
			"the forge was down": () => withToken({ ...outside, last_outcome: "failed", last_status: 502 }),
			"it was set by hand": () => withToken({ ...outside, source: "manual" }),
		},
		otherwise: {
			"the token service itself says so": () =>
				withToken({ ...outside, last_type: "resolve", last_status: 403, last_message: "The installation does not cover harbor/api." }),
			"it may read and not push": () => withToken({ ...outside, last_status: 200 }),
			"no other integration is known": () => withToken(outside, { web: { platform_integration_id: null } }),
			"the other one is of another owner": () =>
				withToken(outside, { web: { git_url: "https://github.com/elsewhere/web.git" } }),
		},
	},
	"credential.stale-in-container": {
		sentence: "The container still uses an old git token of rig api: a newer one is there since 9 min",
		recovers: "button",
		behind: ["toast", "b"],
		params: { "credential.refresh": api },
		silent: {
			"it holds the newest": () => withToken({ ...rotated, held_fingerprint: "ef56ab78" }),
			"it has said nothing of it": () => withToken({ ...rotated, held_fingerprint: null, held_at: null }),
			"it has time to take it": () => withToken({ ...rotated, fingerprint_at: before(1) }),
			"it does not run": () => withToken(rotated, { container: { status: "sleeping" } }),
		},
		otherwise: {
			"git was refused with it": () => withToken({ ...rotated, failures_since_ok: 2 }),
			"it had less time, in a town that gives less": () =>
				withToken({ ...rotated, fingerprint_at: before(1) }, { config: { thresholds: { git_token_stale_ms: 9_000 } } }),
		},
	},
	"credential.resolver-failing": {
		sentence: "No new git token for rig api since 6 min: the token service answers 500",
		recovers: "self",
		behind: ["toast", "b"],
		params: { "credential.refresh": api },
		silent: {
			"it answers": () => withToken({ ...unresolved, last_outcome: "ok" }),
			"it is the forge that fails": () => withToken({ ...unresolved, last_type: "verify" }),
			"nothing is linked": () => withToken({ ...unresolved, source: "none" }),
			"it gives no token for this repository": () => withToken({ ...unresolved, last_outcome: "unauthorized", last_status: 403 }),
			"it failed a moment ago and a token still holds": () =>
				withToken({ ...unresolved, failing_since: before(0.5), expires_at: before(-30) }),
		},
		otherwise: {
			"it does not answer": () => withToken({ ...unresolved, last_status: null }),
			"the last token still holds": () => withToken({ ...unresolved, expires_at: before(-30) }),
			"its words are not known": () => withToken({ ...unresolved, last_message: null }),
		},
	},
}); // biome-ignore format: tables

test("DIAG-1: what only the owner can mend comes with a message that names rig and integration", () => {
	const { recovers } = toldOf(withToken(gone), "credential.revoked") ?? {};
	expect(recovers?.who === "user" && recovers.message).toBe(
		"Rig api of your town can neither fetch nor push: access of integration i-1 was revoked. Please install it again for this repository, or connect another; work goes on by itself then.",
	);
});

test("DIAG-2: the Mayor's 401 stands under the town's model token", () => {
	const view = townOf({
		agent_metadata: [anAgent("mayor", { role: "mayor", status: "waiting", container_process_id: "9" })],
		agent_signals: [
			signals("mayor", { last_error: { at: NOW - 60_000, name: "APIError", message: "x", status: 401, count: 1 } }),
		],
		rig_credentials: [
			aToken({ rig_id: "town", credential: "kilo", source: "config", expires_at: before(60), last_outcome: "failed", last_type: "verify" }),
		],
		town_state: [container(), theTown(), config()],
	}); // biome-ignore format: short
	expect(rootsOf(view)).toEqual(["credential.expired"]);
	expect(toldOf(view, "credential.expired")?.recovers.who).toBe("user");
	expect(diagnose(view, NOW).findings).toHaveLength(2);
});

test("DIAG-1: git operations at hand that were denied are evidence", () => {
	const view = withToken(overdue);
	const denied = { id: 3, operation: "push", rig_id: "api", agent_id: null, bead_id: "b", command: "git push", outcome: "denied", exit_code: 128, stderr: "403", duration_ms: 9, at: before(1) }; // biome-ignore format: a row
	put(view, "git_operations", "3", denied, null);
	expect(toldOf(view, "credential.expired")?.evidence.at(-1)?.label).toBe("push denied");
});
