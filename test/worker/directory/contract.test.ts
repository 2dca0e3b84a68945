import { beforeAll, describe, expect, test } from "vitest";
import { CREATED, DIRECTORIES } from "./directories.ts";

const OLIVE = { id: "oauth/google:110%24_8", email: "Olive_Park@harbor.test", name: "Olive 100% Park" };
const DAN = {
	...{ id: "user/dan", email: "dan@example.test", name: "Dan" },
	...{ is_admin: true, blocked_at: "2026-01-02T03:04:05.000Z", blocked_reason: "left" },
};
const UMLAUT = { id: "user/umlaut", email: "oeztuerk@harbor.test", name: "Jürgen Öztürk-Åström" };
const LONG = { id: "user/long", email: `${"x".repeat(60)}@harbor.test`, name: "Long Address" };
const ALIKE = { id: "dan@example.test.old", email: "a.dan@example.test", name: "Dan's other" };
const NORTH = "11111111-1111-4111-8111-111111111111";
const SOUTH = "22222222-2222-4222-8222-222222222222";

describe.each(DIRECTORIES)("DIRECTORY-1: %s", (_, directory, fill) => {
	beforeAll(() =>
		fill(
			[OLIVE, DAN, UMLAUT, LONG, ALIKE],
			[
				{ id: NORTH, name: "Northwind", members: { [OLIVE.id]: "owner", [DAN.id]: "member" } },
				{ id: SOUTH, name: "Atlas", members: { [OLIVE.id]: "member" } },
			],
		),
	);

	const ids = async (text: string, limit?: number) =>
		(await directory().search(text, limit)).users.map(({ id }) => id);

	test("DIRECTORY-1: a person is found by id and by email in any case, with all that the console says of one", async () => {
		const dan = { ...DAN, created_at: CREATED };
		expect(await directory().find({ id: DAN.id })).toEqual(dan);
		expect(await directory().find({ email: "DAN@Example.test" })).toEqual(dan);
		expect(await directory().find({ email: "olive_park@HARBOR.test" })).toEqual({
			...{ ...OLIVE, is_admin: false, blocked_at: null, blocked_reason: null, created_at: CREATED },
		});
		for (const who of [{ id: "user/none" }, { id: "' OR 1=1 --" }, { email: "" }, { email: "dan@example%" }])
			expect(await directory().find(who)).toBeNull();
	});

	test("DIRECTORY-1: part of email, name or id finds, in any case, and wildcards are plain characters", async () => {
		expect(await ids("OLIVE_PARK")).toEqual([OLIVE.id]);
		expect(await ids(" 0% pa ")).toEqual([OLIVE.id]);
		expect(await ids("GOOGLE:110%24_")).toEqual([OLIVE.id]);
		for (const text of ["oliveXpark", "no%body", "\\", "x".repeat(61), "ü".repeat(200)])
			expect(await ids(text)).toEqual([]);
		expect(await ids("X".repeat(60))).toEqual([LONG.id]);
		for (const text of ["öztürk", "ÖZTÜRK", "jÜRGEN ö", "åstr"]) expect(await ids(text)).toEqual([UMLAUT.id]);
	});

	test("DIRECTORY-1: who is meant exactly comes first, the others by email; a list that was cut says so", async () => {
		expect(await ids("dan@example.test")).toEqual([DAN.id, ALIKE.id]);
		expect(await ids("")).toEqual([ALIKE.id, DAN.id, UMLAUT.id, OLIVE.id, LONG.id]);
		expect(await ids("", 2)).toEqual([ALIKE.id, DAN.id]);
		expect((await directory().search("", 5)).more).toBe(false);
		expect((await directory().search("", 4)).more).toBe(true);
	});

	test("DIRECTORY-1: organisations come with their role, by name, and are counted in a search", async () => {
		expect(await directory().membershipsOf([OLIVE.id, DAN.id, UMLAUT.id])).toEqual(
			new Map([
				[
					OLIVE.id,
					[
						{ id: SOUTH, name: "Atlas", role: "member" },
						{ id: NORTH, name: "Northwind", role: "owner" },
					],
				],
				[DAN.id, [{ id: NORTH, name: "Northwind", role: "member" }]],
			]),
		);
		expect(await directory().membershipsOf([])).toEqual(new Map());
		const { users } = await directory().search("harbor");
		expect(users.map(({ id, organisations }) => [id, organisations])).toEqual([
			[UMLAUT.id, 0],
			[OLIVE.id, 2],
			[LONG.id, 0],
		]);
	});
});
