import { expect, test } from "vitest";
import type { LedgerStory } from "../../../shared/ledger/fold.ts";
import { courseAfter, NOT_BEGUN } from "../../../web/drills/course.ts";

const CODE = "agent.container-died";
const finding = (because: string | null = null) => ({ findings: [{ code: CODE, because }] }) as never;
const nothing = { findings: [] } as never;
const story = (at: number, proof: object | null = null) =>
	({ at, intent: { name: "container.restart" }, proof }) as unknown as LedgerStory;
const visit = { at: 500, intent: null, proof: null } as unknown as LedgerStory;

test("a drill's course: each step counts when it is first seen, from the fault on; a visit is no press", () => {
	const look = (before: typeof NOT_BEGUN, s: number, diagnosis: never, stories: LedgerStory[]) =>
		courseAfter(before, { brokenAt: 1_000, now: 1_000 + s * 1_000, code: CODE, diagnosis, stories });
	let course = look(NOT_BEGUN, 2, nothing, [visit]);
	expect(course).toBe(NOT_BEGUN);
	course = look(course, 3, finding("container.oom:container:container"), [visit]);
	expect(course).toBe(NOT_BEGUN);
	course = look(course, 9, finding(), [visit]);
	expect(course).toEqual({ found: 9, pressed: null, effect: null, cleared: null });
	course = look(course, 20, finding(), [story(16_000)]);
	expect(course).toMatchObject({ found: 9, pressed: 15, effect: null });
	course = look(course, 25, finding(), [story(16_000, { seen: true })]);
	expect(course).toMatchObject({ pressed: 15, effect: 25, cleared: null });
	course = look(course, 31, nothing, [story(16_000, { seen: true })]);
	expect(course.cleared).toBe(31);
	expect(look(course, 40, nothing, [story(16_000, { seen: true })])).toBe(course);
	// It came back: it is not mended.
	expect(look(course, 41, finding(), []).cleared).toBeNull();
});
