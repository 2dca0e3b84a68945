import { expect, test } from "vitest";
import { NOT_BEGUN } from "../../../web/drills/course.ts";
import { guideStep } from "../../../web/guide/steps.ts";

const at = (course: Partial<typeof NOT_BEGUN>, more: { opened?: boolean; read?: boolean } = {}) =>
	guideStep({ course: { ...NOT_BEGUN, ...course }, opened: false, read: false, ...more });

test("PAGE-9: the practice incident follows what is so, step by step", () => {
	expect(at({})).toBe("find");
	expect(at({ found: 3 })).toBe("open");
	expect(at({ found: 3 }, { opened: true })).toBe("press");
	expect(at({ found: 3, pressed: 9 }, { opened: true })).toBe("effect");
	expect(at({ found: 3, pressed: 9, effect: 14 })).toBe("cleared");
	expect(at({ found: 3, pressed: 9, effect: 14, cleared: 16 })).toBe("ledger");
	expect(at({ found: 3, pressed: 9, effect: 14, cleared: 16 }, { read: true })).toBe("done");
});

test("PAGE-9: who presses at once has skipped a step, and what mended itself needs no entry to be read", () => {
	expect(at({ found: 3, pressed: 4 })).toBe("effect");
	expect(at({ found: 3, pressed: 4, cleared: 9 })).toBe("ledger");
	expect(at({ found: 3, cleared: 9 })).toBe("done");
	// It came back.
	expect(at({ found: 3, pressed: 4, effect: 8, cleared: null })).toBe("cleared");
});
