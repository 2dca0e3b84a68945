import { env, exports } from "cloudflare:workers";
import { SignJWT } from "jose";
import { beforeAll, expect, test } from "vitest";
import { type TestTown, workingTown } from "./support.ts";

const tokenOf = (
	claims: Record<string, unknown>,
	{ secret = env.CONTAINER_TOKEN_SECRET, expires = "1h" } = {},
) =>
	new SignJWT(claims)
		.setProtectedHeader({ alg: "HS256" })
		.setExpirationTime(expires)
		.sign(new TextEncoder().encode(secret));

const post = async (
	town: string,
	path: string,
	body: unknown,
	token?: string,
	headers: Record<string, string> = {},
) =>
	exports.default.fetch(
		new Request(`https://console.test/api/towns/${encodeURIComponent(town)}/container/${path}`, {
			method: "POST",
			headers: { Authorization: `Bearer ${token ?? (await tokenOf({ town }))}`, ...headers },
			body: typeof body === "string" ? body : JSON.stringify(body),
		}),
	);

type Problem = {
	error: { code: string; message: string; request_id: string; details?: Record<string, unknown> };
};
const problemOf = async (response: Response) => ((await response.json()) as Problem).error;

let town: TestTown;
beforeAll(async () => {
	town = await workingTown("ingest-town");
});

test("TOWN-8: what is told late stands in the history when it happened; a time to come or long past is refused", async () => {
	const late = Date.now() - 18 * 60_000;
	const tell = (at: number | string, id: string) =>
		post("ingest-town", "gastown/createBead", { id, title: "Told late" }, undefined, {
			"Happened-At": `${at}`,
		});
	expect((await tell(late, "late")).status).toBe(200);
	const at = new Date(late).toISOString();
	expect(await town.row("beads", "late")).toMatchObject({ created_at: at, updated_at: at, status_since: at });
	expect((await town.journal("bead_events", { bead_id: "late" })).map((row) => row.created_at)).toEqual([at]);
	for (const wrong of [Date.now() + 60_000, Date.now() - 31 * 86_400_000, "soon"]) {
		const response = await tell(wrong, "never");
		expect(response.status).toBe(400);
		expect(await problemOf(response)).toMatchObject({ code: "bad_time", details: { field: "Happened-At" } });
	}
});

test("SEC-5: a container reports with an unexpired token of its own town, and no other", async () => {
	const body = { title: "From outside", rig_id: "rig-1" };
	const refusals: [string | undefined, number, string][] = [
		[await tokenOf({ town: "another-town" }), 403, "foreign_town"],
		[await tokenOf({ town: "ingest-town" }, { secret: "x".repeat(32) }), 401, "bad_token"],
		[await tokenOf({ town: "ingest-town" }, { expires: "-1m" }), 401, "token_expired"],
		[await tokenOf({ who: "me" }), 401, "bad_token"],
		["not.a.token", 401, "bad_token"],
	];
	for (const [token, status, code] of refusals) {
		const response = await post("ingest-town", "gastown/createBead", body, token);
		expect(response.status).toBe(status);
		expect((await problemOf(response)).code).toBe(code);
	}
	const none = await exports.default.fetch(
		new Request("https://console.test/api/towns/ingest-town/container/gastown/createBead", {
			method: "POST",
		}),
	);
	expect(none.status).toBe(401);
	expect((await post("ingest-town", "gastown/createBead", body)).status).toBe(200);
});

const beat = { last_event_type: null, last_event_at: null, active_tools: [], pid: 7, cpu: 1, memory_mb: 1 };
const heartbeatAt = (last_event_at: number) => ({
	...{ instance_id: "i", container: null },
	agents: [{ agent_id: town.toast, ...beat, last_event_at }],
});
const eventsAt = (at: number) => ({
	...{ agent_id: town.toast, producer: "p", seq: 1, attempt_id: null, bead_id: null },
	events: [{ at, id: null, type: "session.idle", properties: {} }],
});

test("TOWN-2: a wrong body is a 4xx that names the field, and nothing of it is applied", async () => {
	const before = await town.stub.query({ kind: "changes", before: null, limit: 500 });
	const wrong: [string, unknown, number, string][] = [
		["gastown/createBead", { title: "x", priority: "urgent" }, 422, "priority"],
		["gastown/createBead", { title: "x", prioritty: "high" }, 422, "prioritty"],
		[
			"heartbeat",
			{ instance_id: "i", agents: [{ agent_id: town.toast }], container: null },
			422,
			"agents.0.last_event_type",
		],
		[
			"git-operations",
			{ operation: "rebase", command: "git", outcome: "ok", duration_ms: 1 },
			422,
			"operation",
		],
		["agent-events", { agent_id: town.toast, producer: "p", seq: 0, events: [] }, 422, "seq"],
		// Microseconds, and what no date can be made of: neither may reach a row, nor be tried for ever.
		["heartbeat", heartbeatAt(1.7e15), 422, "agents.0.last_event_at"],
		["heartbeat", heartbeatAt(8.7e15), 422, "agents.0.last_event_at"],
		["agent-events", eventsAt(1e308), 422, "events.0.at"],
	];
	for (const [path, body, status, field] of wrong) {
		const response = await post("ingest-town", path, body);
		expect(response.status, path).toBe(status);
		const problem = await problemOf(response);
		expect(problem.message).toContain(field);
		expect(problem.details?.fields).toContainEqual(expect.objectContaining({ field }));
		expect(problem.request_id).not.toBe("");
	}
	const text = await post("ingest-town", "log", "{not json");
	expect([text.status, (await problemOf(text)).code]).toEqual([400, "bad_json"]);
	// The second agent of a heartbeat is unknown: the first one's beat is not kept either.
	const half = await post("ingest-town", "heartbeat", {
		instance_id: "i",
		agents: [
			{ agent_id: town.toast, ...beat },
			{ agent_id: "nobody", ...beat },
		],
		container: null,
	});
	expect([half.status, (await problemOf(half)).code]).toEqual([404, "no-such-agent"]);
	expect(await town.stub.query({ kind: "changes", before: null, limit: 500 })).toEqual(before);
});

test("LEDGER-1: no ingest route reaches an intervention", async () => {
	const order = {
		id: crypto.randomUUID(),
		name: "bead.close",
		target: "bead-1",
		params: {},
		saw: {},
		admin: "a",
		reason: "r",
	};
	for (const path of [
		"gastown/applyIntervention", "gastown/settleIntervention", "gastown/constructor", "gastown/__proto__",
		"gastown/bead.close", "interventions", "applyIntervention",
	]) // biome-ignore format: a list
		expect((await post("ingest-town", path, order)).status, path).toBe(404);
	const pause = { key: "dispatch_pause", value: { since: "", until: "", by: "container" } };
	expect((await post("ingest-town", "gastown/setTownState", pause)).status).toBe(422);
	expect((await town.row("beads", "bead-1")).status).toBe("open");
});

test("SEC-1: a state is written for practice only where there is a local world", async () => {
	const state = { state: "assigned-to-gone", agent_id: town.toast, bead_id: "bead-1" };
	const response = await post("ingest-town", "gastown/practiceState", state);
	expect([response.status, (await problemOf(response)).code]).toEqual([404, "no_such_method"]);
	expect((await town.row("beads", "bead-1")).assignee_agent_bead_id).toBeNull();
});

test("TOWN-2: an illegal move is a 409 that names state and event; a missing thing is a 404; too much is a 413", async () => {
	const illegal = await post("ingest-town", "gastown/agentDone", { agent_id: town.toast });
	expect(illegal.status).toBe(409);
	expect(await problemOf(illegal)).toMatchObject({
		code: "illegal-move",
		details: { from: "empty", event: "done" },
	});
	expect((await post("ingest-town", "gastown/closeBead", { bead_id: "nowhere" })).status).toBe(404);
	const large = await post("ingest-town", "gastown/createBead", { title: "x", body: "x".repeat(1_100_000) });
	expect([large.status, (await problemOf(large)).code]).toEqual([413, "too_large"]);
});

test("STREAM-7: events of an agent that is not of this town are refused before its stream is asked", async () => {
	const other = await workingTown("other-town");
	await other.must("createAgent", { id: "foreign", role: "polecat", name: "Foreign", rig_id: "rig-1" });
	const events = [{ at: 1, id: null, type: "session.idle", properties: {} }];
	const batch = { agent_id: "foreign", producer: "p", seq: 1, attempt_id: null, bead_id: null, events };
	const response = await post("ingest-town", "agent-events", batch);
	expect([response.status, (await problemOf(response)).code]).toEqual([403, "foreign_agent"]);
});

test("SEC-5: answers of the API carry a policy that runs nothing and may not be embedded", async () => {
	const response = await exports.default.fetch(new Request("https://console.test/api/health"));
	const policy = response.headers.get("content-security-policy") ?? "";
	expect(policy).toContain("default-src 'none'");
	expect(policy).toContain("frame-ancestors 'none'");
	expect(response.headers.get("x-content-type-options")).toBe("nosniff");
	const missing = await exports.default.fetch(new Request("https://console.test/api/nothing"));
	expect(missing.status).toBe(404);
	expect((await problemOf(missing)).request_id).toBe(missing.headers.get("x-request-id"));
});
