import { aBead, anAgent, before, container, townOf, works } from "../town.ts";
import { aRig, aToken, config, theTown } from "./rows.ts";
import type { States } from "./states.ts";

type Row = Record<string, unknown>;

/** Toast works in rig api, whose git token is like this; rig web of the same owner is well. */
export const withToken = (row: Row = {}, of: { rig?: Row; config?: Row; container?: Row; web?: Row } = {}) =>
	townOf({
		rigs: [aRig("api", of.rig), aRig("web", { platform_integration_id: "i-2", ...of.web })],
		agent_metadata: [anAgent("toast", works("b"))],
		beads: [aBead("b", { status: "in_progress", assignee_agent_bead_id: "toast" })],
		rig_credentials: [aToken(row), aToken({ rig_id: "web", source: "integration:i-2" })],
		town_state: [container(of.container), theTown(), config(of.config)],
	});

export const overdue = { expires_at: before(34), failures_since_ok: 3 };
export const gone = {
	last_outcome: "revoked", last_outcome_at: before(2), last_type: "resolve", last_status: 403, failing_since: before(12),
	last_message: "This integration was revoked by its owner.",
}; // biome-ignore format: a row
export const unresolved = {
	last_outcome: "failed", last_outcome_at: before(1), last_type: "resolve", last_status: 500, failing_since: before(6),
	last_message: "The token service answered 500.", expires_at: before(3),
}; // biome-ignore format: a row
export const outside = {
	last_outcome: "unauthorized", last_outcome_at: before(1), last_type: "verify", last_status: 404, failing_since: before(8),
	last_message: "The forge answered 404: Not Found",
}; // biome-ignore format: a row
export const rotated = { fingerprint: "ef56ab78", fingerprint_at: before(9), resolved_at: before(9) };

export const states = {
	"credential.expired": {
		subject: "api/git",
		town: () => withToken(overdue),
		remedy: ["credential.refresh town"],
	},
	"credential.revoked": {
		subject: "api/git",
		town: () => withToken(gone),
		remedy: ["credential.relink api"],
	},
	"credential.wrong-integration": {
		subject: "api/git",
		town: () => withToken(outside),
		remedy: ["credential.relink api"],
	},
	"credential.stale-in-container": {
		subject: "api/git",
		town: () => withToken(rotated),
		remedy: ["credential.refresh town"],
	},
	"credential.resolver-failing": {
		subject: "api/git",
		town: () => withToken(unresolved),
		remedy: ["credential.refresh town", "credential.set-token api"],
	},
} satisfies States;
