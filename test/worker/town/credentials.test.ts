import { expect, test } from "vitest";
import { REDACTED } from "../../../shared/redaction/index.ts";
import { mintContainerToken } from "../../../worker/auth/container-token.ts";
import { sqlOf } from "../../../worker/live-ops/index.ts";
import { GitTokens } from "../../../worker/town/credentials/git-tokens.ts";
import { writeSecret } from "../../../worker/town/credentials/secrets.ts";
import type { SchedulerHost } from "../../../worker/town/scheduler/host.ts";
import { refreshContainerToken } from "../../../worker/town/scheduler/perform/credentials.ts";
import type { Town } from "../../../worker/town/town.ts";
import { type TestTown, townOf } from "./support.ts";

const NOW = Date.parse("2026-11-24T10:00:00Z");
const HOUR = 3_600_000;
const iso = (at: number) => new Date(at).toISOString();

/** A token service and a forge, as far as a town sees them. Tokens are made of words, at run time. */
function outside() {
	const world = {
		/** Of the token service: what it gives next, or refuses with. */
		refuse: null as { status: number; code: string; message: string } | null,
		lifetime: HOUR,
		/** Of the forge, for any token. */
		status: 200,
		push: true,
		down: false,
		asked: [] as string[],
		tokens: 0,
	};
	const answer = (input: RequestInfo | URL): Response => {
		const url = String(input);
		world.asked.push(new URL(url).pathname);
		if (!url.startsWith("http://tokens/")) {
			if (world.down) throw new TypeError("connection refused");
			if (world.status !== 200)
				return Response.json({ message: "Bad credentials" }, { status: world.status });
			return Response.json({ permissions: { pull: true, push: world.push } });
		}
		if (world.refuse) return Response.json({ error: world.refuse }, { status: world.refuse.status });
		const token = ["ghs", `issued${++world.tokens}`.padEnd(36, "0")].join("_");
		return Response.json({ token, expires_at: iso(NOW + world.lifetime), repositories: ["acme/web"] });
	};
	return { world, send: (async (input) => answer(input)) as typeof fetch };
}

/** A town with one rig at a forge; `ask` is what dispatch does. */
async function rigged(id: string, rig: { platform_integration_id?: string } = {}) {
	const town = townOf(id) as TestTown;
	await town.setClock(NOW);
	await town.must("createTown", { name: "Test town", owner_type: "user", owner_id: "user/owner:1" });
	await town.must("createRig", { id: "rig-1", name: "web", git_url: "http://forge/acme/web.git", ...rig });
	const { world, send } = outside();
	const inside = <T>(fn: (tokens: GitTokens, town: Town) => T | Promise<T>, now = NOW): Promise<T> =>
		town.inside((_, state) => {
			const sql = sqlOf(state.storage);
			const part: Town = { id, sql, now: () => now, uuid: () => "u", cause: () => null, isHeld: () => false };
			const live = { run: (_cause: unknown, work: () => never) => work() };
			return fn(new GitTokens({ town: part, live, service: "http://tokens", send }), part);
		});
	return {
		...{ town, world, inside },
		ask: (more: { fresh?: boolean; now?: number } = {}) =>
			inside((tokens) => tokens.of("rig-1", more), more.now),
		events: async () => (await town.journal("credential_events")).reverse(),
		known: () => town.row("rig_credentials", '["rig-1","git"]'),
	};
}

const good = async (answer: ReturnType<Awaited<ReturnType<typeof rigged>>["ask"]>) => {
	const result = await answer;
	if (!result.ok) throw new Error(result.message);
	return result.value;
};

test("CRED-1: a token of the integration is resolved and verified, each step is journaled, and none shows the token", async () => {
	const rig = await rigged("cred-integration", { platform_integration_id: "app-1" });
	const token = await good(rig.ask());
	expect(token).toMatchObject({ rig_id: "rig-1", expires_at: iso(NOW + HOUR) });
	expect(await rig.events()).toMatchObject([
		{ type: "resolve", outcome: "ok", status: 200, fingerprint: token.fingerprint },
		{ type: "verify", outcome: "ok", status: 200, fingerprint: token.fingerprint },
	]);
	expect(await rig.known()).toMatchObject({ source: "integration:app-1", verified_at: iso(NOW) });
	const shown = JSON.stringify([await rig.events(), await rig.known()]);
	expect(shown).not.toContain(token.token);
	expect(token.fingerprint).toMatch(/^[0-9a-f]{8}$/);
});

test("CRED-1: a token set by hand wins over the integration, and that over the town's own", async () => {
	const rig = await rigged("cred-order");
	await rig.town.must("setTownState", {
		key: "config",
		value: { git_auth: { github_token: "own-token-of-the-town" } },
	});
	expect((await good(rig.ask())).token).toBe("own-token-of-the-town");
	await rig.town.must("setTownState", {
		key: "config",
		value: { git_auth: { github_token: "own-token-of-the-town", platform_integration_id: "app-1" } },
	});
	expect((await good(rig.ask())).token).toContain("issued1");
	await rig.inside((_, town) => writeSecret(town, "rig:rig-1:git_token", "set-by-hand"));
	expect((await good(rig.ask())).token).toBe("set-by-hand");
	expect((await rig.known()).source).toBe("manual");
	const asked = rig.world.asked.length;
	await good(rig.ask());
	expect(rig.world.asked).toHaveLength(asked);
});

test("CRED-1: what the configuration no longer names is no source", async () => {
	const rig = await rigged("cred-gone");
	await rig.town.must("setTownState", {
		key: "config",
		value: { git_auth: { github_token: "own-token-of-the-town" } },
	});
	await good(rig.ask());
	await rig.town.must("setTownState", { key: "config", value: {} });
	expect(await rig.ask()).toMatchObject({ ok: false, code: "no-token" });
	expect((await rig.events()).at(-1)).toMatchObject({ type: "resolve", outcome: "failed" });
});

test("CRED-1: a token is kept until shortly before its end, or until git is denied with it", async () => {
	const rig = await rigged("cred-kept", { platform_integration_id: "app-1" });
	const first = await good(rig.ask());
	expect(await good(rig.ask())).toEqual(first);
	expect(await good(rig.ask({ now: NOW + HOUR - 4 * 60_000 }))).not.toEqual(first);
	const second = await good(rig.ask());
	const denied = {
		operation: "push",
		rig_id: "rig-1",
		command: "git push",
		outcome: "denied",
		duration_ms: 1,
	} as const;
	await rig.town.report("git-operations", denied);
	const third = await good(rig.ask());
	expect(third.token).not.toBe(second.token);
	// Not again for the same denial.
	expect(await good(rig.ask())).toEqual(third);
	expect(await good(rig.ask({ fresh: true }))).not.toEqual(third);
});

test("CRED-1: who asks at the same time gets the same token", async () => {
	const rig = await rigged("cred-once", { platform_integration_id: "app-1" });
	const answers = await rig.inside((tokens) =>
		Promise.all([tokens.of("rig-1"), tokens.of("rig-1", { fresh: true })]),
	);
	expect(answers[0]).toEqual(answers[1]);
	expect(rig.world.asked).toEqual(["/resolve", "/api/v3/repos/acme/web"]);
});

test.each([
	["revoked", 403, "revoked"],
	["not-covered", 403, "unauthorized"],
	["no-such-integration", 404, "failed"],
	["internal", 500, "failed"],
])("CRED-1: a service that answers %s is journaled with its own words", async (code, status, outcome) => {
	const rig = await rigged(`cred-refused-${code}`, { platform_integration_id: "app-1" });
	rig.world.refuse = { status, code, message: `because ${code}` };
	expect(await rig.ask()).toMatchObject({
		ok: false,
		code: "no-token",
		message: expect.stringContaining(`because ${code}`),
	});
	const [event] = await rig.events();
	expect(event).toMatchObject({ type: "resolve", outcome, status, message: `because ${code}` });
	expect((await rig.known()).last_outcome).toBe(outcome);
});

test("CRED-1: a token that the forge refuses is not handed out, and its answer is told", async () => {
	for (const status of [401, 403, 404]) {
		const rig = await rigged(`cred-forge-${status}`, { platform_integration_id: "app-1" });
		rig.world.status = status;
		expect(await rig.ask()).toMatchObject({ ok: false, code: "bad-token" });
		expect((await rig.events()).at(-1)).toMatchObject({ type: "verify", outcome: "unauthorized", status });
	}
});

test("CRED-1: a token that may not push is told apart from one that is no good", async () => {
	const rig = await rigged("cred-read", { platform_integration_id: "app-1" });
	rig.world.push = false;
	expect(await rig.ask()).toMatchObject({ ok: false, code: "bad-token" });
	expect((await rig.events()).at(-1)).toMatchObject({
		status: 200,
		message: expect.stringContaining("not push"),
	});
});

test("CRED-1: a forge that is down says nothing of the token: it is handed out, but not kept as good", async () => {
	const rig = await rigged("cred-down", { platform_integration_id: "app-1" });
	rig.world.down = true;
	const first = await good(rig.ask());
	expect((await rig.events()).at(-1)).toMatchObject({ type: "verify", outcome: "failed", status: null });
	rig.world.down = false;
	expect(await good(rig.ask())).not.toEqual(first);
});

test("CRED-1: words that hold a token are redacted before they are journaled", async () => {
	const rig = await rigged("cred-words", { platform_integration_id: "app-1" });
	const leaked = ["ghp", "leaked".padEnd(36, "1")].join("_");
	rig.world.refuse = { status: 500, code: "internal", message: `cannot use ${leaked}` };
	const answer = await rig.ask();
	expect(JSON.stringify([await rig.events(), await rig.known(), answer])).not.toContain(leaked);
	expect((await rig.events())[0]?.message).toBe(`cannot use ${REDACTED}`);
});

test("CRED-1: a container token that was given to the container, or not taken, is journaled with its end", async () => {
	for (const status of [200, 500]) {
		const rig = await rigged(`cred-container-${status}`);
		const token = await mintContainerToken("0123456789abcdef", "any", NOW);
		const given = rig.inside(async (_, town) => {
			const host = {
				town,
				live: { run: (_cause: unknown, work: () => unknown) => work() },
				containerToken: async () => token,
				arm: () => ({ control: async () => ({ ok: true, status, body: { error: { message: "no" } } }) }),
			} as unknown as SchedulerHost;
			// What the object itself throws would count as its own failure.
			return refreshContainerToken(host)().then(
				() => "taken",
				() => "refused",
			);
		});
		expect(await given).toBe(status === 200 ? "taken" : "refused");
		expect(await rig.events()).toMatchObject([
			{
				credential: "container",
				type: "push",
				outcome: status === 200 ? "ok" : "failed",
				status,
				rig_id: null,
			},
		]);
		expect(await rig.town.row("rig_credentials", '["town","container"]')).toMatchObject({
			expires_at: new Date(NOW + 8 * HOUR).toISOString(),
		});
	}
});
