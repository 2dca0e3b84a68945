import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import {
	apiError,
	type UserFound,
	type UserPage,
	userPage,
	userSearch,
} from "../../../shared/directory/index.ts";
import { ownerStub } from "../../../worker/stubs.ts";
import { seedDirectory, signIn } from "../support/directory.ts";
import { TEST_USERS } from "../support/identities.ts";
import { townOf } from "./support.ts";

const OLIVE = { id: "oauth/google:110%24_8", email: "olive_park@harbor.test", name: "Olive 100% Park" };
const NOBODY = { id: "user/nobody", email: "no.body@example.test", name: "No Body" };

let cookie = "";
const get = (path: string, token = cookie) =>
	exports.default.fetch(
		new Request(`https://console.test${path}`, { headers: { Cookie: `CF_Authorization=${token}` } }),
	);
const search = async (q: string): Promise<UserFound[]> => {
	const response = await get(`/api/users?q=${encodeURIComponent(q)}`);
	expect(response.status).toBe(200);
	return userSearch.parse(await response.json()).users;
};
const pageOf = async (id: string): Promise<UserPage> => {
	const response = await get(`/api/users/${encodeURIComponent(id)}`);
	expect(response.status).toBe(200);
	return userPage.parse(await response.json());
};
const makeTown = async (id: string, owner_type: "user" | "org", owner_id: string) => {
	const town = townOf(id);
	await town.must("createTown", { name: `Town ${id}`, owner_type, owner_id });
	await town.must("createRig", { id: `${id}-rig`, name: "web", git_url: "https://example.test/web.git" });
	await town.must("createAgent", { id: `${id}-toast`, role: "polecat", name: "Toast", rig_id: `${id}-rig` });
	await town.must("createBead", { title: "Open one", rig_id: `${id}-rig` });
	return town;
};

beforeAll(async () => {
	await seedDirectory();
	const insert = (table: string, values: unknown[]) =>
		env.DB.prepare(`INSERT OR REPLACE INTO ${table} VALUES (${values.map(() => "?").join(", ")})`).bind(
			...values,
		);
	await env.DB.batch([
		insert("kilocode_users", [OLIVE.id, OLIVE.email, OLIVE.name, 0, null, null, "2025-01-01T00:00:00Z"]),
		insert("kilocode_users", [NOBODY.id, NOBODY.email, NOBODY.name, 0, null, null, "2025-01-01T00:00:00Z"]),
		insert("organizations", ["org-1", "Northwind"]),
		insert("organization_memberships", [OLIVE.id, "org-1", "owner"]),
	]);
	cookie = await signIn(TEST_USERS.ada.email);
});

test("SEC-1: people are shown only to admins", async () => {
	for (const path of ["/api/users?q=", `/api/users/${encodeURIComponent(OLIVE.id)}`]) {
		const stranger = await exports.default.fetch(new Request(`https://console.test${path}`));
		expect(stranger.status).toBe(401);
		const customer = await get(path, await signIn(TEST_USERS.cleo.email));
		expect([customer.status, apiError.parse(await customer.json()).error.code]).toEqual([403, "not_admin"]);
	}
});

test("TOWN-7: people are found by part of email, name or id, in any case; wildcards are plain characters", async () => {
	const ids = async (q: string) => (await search(q)).map((user) => user.id);
	expect(await ids("OLIVE_PARK")).toEqual([OLIVE.id]);
	expect(await ids("0% pa")).toEqual([OLIVE.id]);
	expect(await ids("oauth/google:110%24_")).toEqual([OLIVE.id]);
	expect(await ids("oliveXpark")).toEqual([]);
	expect(await ids("no%body")).toEqual([]);
	expect(await ids("no.body@EXAMPLE.test")).toEqual([NOBODY.id]);
	expect((await ids("example.test")).length).toBe(Object.keys(TEST_USERS).length + 1);
	const long = await get(`/api/users?q=${"x".repeat(201)}`);
	expect([long.status, apiError.parse(await long.json()).error.message]).toEqual([
		422,
		"q: at most 200 characters.",
	]);
});

test("TOWN-7: a long text and letters beyond ASCII are found like any other", async () => {
	const long = `${"x".repeat(60)}@harbor.test`;
	const people = [
		["user/long", long, "Long Address"],
		["user/umlaut", "oeztuerk@harbor.test", "Jürgen Öztürk-Åström"],
	];
	for (const person of people)
		await env.DB.prepare(
			"INSERT OR REPLACE INTO kilocode_users (id, email, name, created_at) VALUES (?, ?, ?, '2025-01-01T00:00:00Z')",
		)
			.bind(...person)
			.run();
	const ids = async (q: string) => (await search(q)).map((user) => user.id);
	expect(await ids("X".repeat(60))).toEqual(["user/long"]);
	expect(await ids("x".repeat(61))).toEqual([]);
	expect(await ids("ü".repeat(200))).toEqual([]);
	for (const q of ["öztürk", "ÖZTÜRK", "jÜRGEN ö", "åstr"]) expect(await ids(q)).toEqual(["user/umlaut"]);
});

test("TOWN-7: the organisations of everybody found are one query", async () => {
	const { townsOfUsers } = await import("../../../worker/api/owners.ts");
	const person = (id: string) => ({
		...{ id, email: "", name: "", is_admin: false, blocked_at: null, blocked_reason: null, created_at: "" },
	});
	const queries: string[] = [];
	const DB = {
		prepare(sql: string) {
			queries.push(sql);
			return env.DB.prepare(sql);
		},
	};
	const owner = (towns: number) => ({
		getByName: () => ({ overview: async () => Array.from({ length: towns }, () => ({ summary: null })) }),
	});
	const found = await townsOfUsers(
		{ ...env, DB, GASTOWN_USER: owner(1), GASTOWN_ORG: owner(2) } as never,
		[OLIVE.id, NOBODY.id, "user/none"].map(person),
	);
	expect(found.map(({ count }) => count)).toEqual([3, 1, 1]);
	expect(queries).toHaveLength(1);
});

test("TOWN-7: a user whose id holds / and : has own and organisation towns, told by the towns themselves", async () => {
	const own = await makeTown("own-town", "user", OLIVE.id);
	await makeTown("org-town", "org", "org-1");
	await own.must("hookBead", {
		agent_id: "own-town-toast",
		bead_id: String((await own.must("createBead", { title: "Second", rig_id: "own-town-rig" })).bead_id),
	});
	await own.must("startDispatch", { agent_id: "own-town-toast" });
	for (const town of [own, townOf("org-town")])
		await town.inside(async (instance) => {
			instance.clock = () => Date.now() + 60_000;
			await instance.alarm();
		});

	const page = await pageOf(OLIVE.id);
	expect(page.user).toMatchObject({ id: OLIVE.id, email: OLIVE.email, is_admin: false });
	expect(page.owners.map(({ type, id, name, role, error }) => ({ type, id, name, role, error }))).toEqual([
		{ type: "user", id: OLIVE.id, name: OLIVE.name, role: null, error: null },
		{ type: "org", id: "org-1", name: "Northwind", role: "owner", error: null },
	]);
	const [town] = page.owners[0]?.towns ?? [];
	expect(town).toMatchObject({
		id: "own-town",
		name: "Town own-town",
		reason: null,
		rigs: [{ id: "own-town-rig", name: "web", default_branch: "main", platform_integration_id: null }],
		summary: { agents_working: 1, agents_total: 1, open_beads: 2, container: { status: "stopped" } },
	});
	expect(town?.summary?.last_activity_at).not.toBeNull();
	expect(page.owners[1]?.towns.map(({ id }) => id)).toEqual(["org-town"]);
	expect((await search("olive"))[0]).toMatchObject({ towns: 2, organisations: 1 });
});

test("TOWN-6: a town that never told how it is shows as unknown with the reason, and an owner without towns as empty", async () => {
	// Listed by Gastown before the town itself has said a word.
	await runInDurableObject(env.GASTOWN_USER.getByName(NOBODY.id), (_, state) => {
		state.storage.sql.exec("INSERT INTO user_towns VALUES ('silent', 'Silent', ?, '', '')", NOBODY.id);
	});
	const page = await pageOf(NOBODY.id);
	expect(page.owners).toHaveLength(1);
	expect(page.owners[0]?.towns).toEqual([
		{
			id: "silent",
			name: "Silent",
			summary: null,
			reason: "This town has not told how it is yet.",
			rigs: [],
		},
	]);
	expect((await search(NOBODY.email))[0]).toMatchObject({ towns: 1, health: { light: "unknown" } });
	expect((await pageOf(TEST_USERS.bo.id)).owners[0]).toMatchObject({ towns: [], error: null });
});

test("TOWN-6: an owner's object that does not answer says so; the page never looks empty", async () => {
	const { ownersOf } = await import("../../../worker/api/owners.ts");
	const broken = {
		...env,
		GASTOWN_USER: { getByName: () => ({ overview: () => Promise.reject(new Error("down")) }) },
	};
	const user = { ...NOBODY, is_admin: false, blocked_at: null, blocked_reason: null, created_at: "" };
	const owners = await ownersOf(broken as never, user, [{ id: "org-1", name: "Northwind", role: "member" }]);
	expect(owners[0]).toMatchObject({ towns: [], error: expect.stringContaining("did not answer") });
	expect(owners[1]).toMatchObject({ id: "org-1", error: null });
});

test("TOWN-7: a user who is not there is a 404 with its own code", async () => {
	const response = await get("/api/users/nobody%2Fat%3Aall");
	expect([response.status, apiError.parse(await response.json()).error.code]).toEqual([404, "no_such_user"]);
});

test("TOWN-6: what a town tells replaces what it told before: a rig that is gone is gone", async () => {
	const owner = ownerStub(env, { type: "user", id: "user/replaced" });
	const rig = (id: string) => ({
		id,
		name: id,
		git_url: "",
		default_branch: "main",
		platform_integration_id: null,
	});
	const summary = {
		health: { light: "healthy", reason: "", at: "" },
		...{ agents_working: 0, agents_total: 0, open_beads: 0, last_activity_at: null, at: "" },
		container: { status: "running", since: null },
	};
	await owner.tellTown({ id: "t", name: "Old", rigs: [rig("a"), rig("b")], summary });
	await owner.tellTown({ id: "t", name: "New", rigs: [rig("b")], summary });
	expect(await owner.overview()).toMatchObject([{ id: "t", name: "New", rigs: [{ id: "b" }] }]);
});
