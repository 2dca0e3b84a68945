import type { Diagnosis } from "../../shared/diagnosis/finding.ts";
import type { LedgerStory } from "../../shared/ledger/fold.ts";
import type { Course } from "./practice.ts";

export const NOT_BEGUN: Course = { found: null, pressed: null, effect: null, cleared: null };

type Seen = {
	/** Epoch milliseconds, as `now`. */
	brokenAt: number;
	now: number;
	code: string;
	diagnosis: Pick<Diagnosis, "findings">;
	/** What was pressed in the drill's town, by anybody. */
	stories: readonly LedgerStory[];
};

/** How far somebody has come after one more look at the town: each step counts once, when it is first seen. */
export function courseAfter(before: Course, { brokenAt, now, code, diagnosis, stories }: Seen): Course {
	const s = Math.max(0, (now - brokenAt) / 1_000);
	const stands = diagnosis.findings.some((one) => one.code === code && one.because === null);
	const pressed = stories.filter(({ intent }) => intent !== null);
	const first = Math.min(...pressed.map(({ at }) => at));
	const found = before.found ?? (stands ? s : null);
	const course: Course = {
		found,
		pressed: before.pressed ?? (pressed.length > 0 ? Math.max(0, (first - brokenAt) / 1_000) : null),
		effect: before.effect ?? (pressed.some(({ proof }) => proof?.seen === true) ? s : null),
		cleared: stands || found === null ? null : (before.cleared ?? s),
	};
	const same = (Object.keys(course) as (keyof Course)[]).every((key) => course[key] === before[key]);
	return same ? before : course;
}
