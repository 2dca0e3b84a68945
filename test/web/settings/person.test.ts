// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { becomePerson, personalStore } from "../../../web/settings/person.ts";

type Store = { rows: string[]; add(row: string): void };
const make = (name: string) =>
	personalStore<Store>(name, z.object({ rows: z.array(z.string()) }), (set) => ({
		rows: [],
		add: (row) => set(({ rows }) => ({ rows: [...rows, row] })),
	}));

beforeEach(() => {
	localStorage.clear();
	becomePerson("nobody");
});

test("PAGE-7: what one admin has set another who uses the same browser does not get, and finds again", () => {
	const store = make("rows");
	becomePerson("ada");
	store.getState().add("ada's");
	becomePerson("noah");
	expect(store.getState().rows).toEqual([]);
	store.getState().add("noah's");
	becomePerson("ada");
	expect(store.getState().rows).toEqual(["ada's"]);
	expect(make("rows").getState().rows).toEqual(["ada's"]);
});

test.each([
	["no JSON", "{"],
	["another shape", JSON.stringify({ state: { rows: 5 }, version: 0 })],
	["no state", "null"],
	["another program's", JSON.stringify(["x"])],
])("PAGE-7: a stored value that is broken breaks no page: %s", (_, stored) => {
	becomePerson("ada");
	localStorage.setItem("townwatch.broken:ada", stored);
	const store = make("broken");
	expect(store.getState().rows).toEqual([]);
	store.getState().add("goes on");
	expect(make("broken").getState().rows).toEqual(["goes on"]);
});
