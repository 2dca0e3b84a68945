import { expect, test } from "vitest";
import {
	formatOpen, formatSelection, parseOpen, parseSearch, parseSelection, stringifySearch, townSearch,
} from "../../../web/routes/address.ts"; // biome-ignore format: a list

test("P7: what is open survives the way through the address", () => {
	for (const open of [
		...["bead:7be1d004", "bead:7be1d004:replay", "bead:7be1d004:replay:1795689843199"],
		...["agent:a1f3", "agent:a1f3:raw", "agent:a1f3:tools", "agent:a1f3:timeline"],
	])
		expect(formatOpen(parseOpen(open) ?? { kind: "bead", id: "" })).toBe(open);
	expect(parseOpen("bead:7be1d004:replay:5")).toEqual({ kind: "bead", id: "7be1d004", replay: { at: 5 } });
	expect(parseOpen("agent:a1f3:raw")).toEqual({ kind: "agent", id: "a1f3", raw: true });
});

test("P7: an address this page does not know opens nothing and breaks nothing", () => {
	expect(parseOpen("convoy:1")).toBeNull();
	expect(parseOpen("bead:")).toBeNull();
	expect(parseOpen(undefined)).toBeNull();
	expect(townSearch.parse({ wide: "yes", q: 7 })).toEqual({});
});

test("P7: filter, order, selection and panel come back from the text of a link", () => {
	const search = {
		q: 'status:in_progress,failed -type:message "a b" 100%&x=1',
		sort: "-updated",
		sel: formatSelection(["a", "b"]),
		open: "agent:a1f3:raw",
		wide: "1" as const,
	};
	const link = stringifySearch(search);
	expect(townSearch.parse(parseSearch(link))).toEqual(search);
	expect(parseSelection(search.sel)).toEqual(new Set(["a", "b"]));
	expect(link).toContain("open=agent:a1f3:raw");
});

test("P7: an empty filter is not the same as none", () => {
	expect(townSearch.parse(parseSearch(stringifySearch({ q: "" })))).toEqual({ q: "" });
	expect(townSearch.parse(parseSearch(stringifySearch({ q: undefined })))).toEqual({});
});

test("P7: a thousand selected rows survive the way through the address", () => {
	const keys = Array.from({ length: 1_000 }, () => crypto.randomUUID());
	const link = stringifySearch({ sel: formatSelection(keys) });
	expect(parseSelection(townSearch.parse(parseSearch(link)).sel)).toEqual(new Set(keys));
});
