import { afterEach, expect, test } from "vitest";
import { OlderRows } from "../../../web/town/older-rows.tsx";
import { render } from "./fixtures/render.ts";

let page: ReturnType<typeof render> | null = null;
afterEach(() => page?.end());

type Journal = Parameters<typeof OlderRows>[0]["journal"];
const told = (journal: Partial<Journal>) => {
	const whole = { rows: [], more: false, loading: false, failed: null, older: () => {}, ...journal };
	page = render(<OlderRows journal={whole} what="attempts" makes="Nothing has been started yet." />);
	const text = page.box.textContent ?? "";
	page.end();
	return text;
};

test("P2: reading, failed, more and none are four different things", () => {
	expect(told({ more: null, loading: true })).toBe("Reading attempts");
	expect(told({ more: null, failed: "The town cannot be reached." })).toContain(
		"Could not read attemptsThe town cannot be reached.",
	);
	expect(told({ more: true, rows: [1] })).toBe("Load older attempts");
	expect(told({ more: false, rows: [1] })).toBe("");
	expect(told({})).toContain("No attemptsNothing has been started yet.");
});

test("P2: a failure beside known rows says that those are known", () => {
	expect(told({ more: true, rows: [1], failed: "x" })).toContain("Above is what is known.");
});
