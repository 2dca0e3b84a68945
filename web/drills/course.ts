import { z } from "zod";
import { type Diagnosis, rootOf } from "../../shared/diagnosis/finding.ts";
import type { LedgerStory } from "../../shared/ledger/fold.ts";
import { duration } from "../ui/format/duration.ts";

/** Steps of a drill after its fault, in their order. */
export const STEPS = ["found", "pressed", "effect", "cleared"] as const;
const seconds = z.number().nullable();
/** How far somebody has come: seconds from the fault to each step, null before it. */
export const course = z.object({ found: seconds, pressed: seconds, effect: seconds, cleared: seconds });
export type Course = Readonly<z.infer<typeof course>>;

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
	const stands = rootOf(diagnosis.findings, code) !== undefined;
	const pressed = stories.filter(({ intent }) => intent !== null);
	const first = Math.min(...pressed.map(({ at }) => at));
	const found = before.found ?? (stands ? s : null);
	const after: Course = {
		found,
		pressed: before.pressed ?? (pressed.length > 0 ? Math.max(0, (first - brokenAt) / 1_000) : null),
		effect: before.effect ?? (pressed.some(({ proof }) => proof?.seen === true) ? s : null),
		cleared: stands || found === null ? null : (before.cleared ?? s),
	};
	return STEPS.every((step) => after[step] === before[step]) ? before : after;
}

/** How it ended: `Mended in 48 s`; null while it has not. */
export const endWords = ({ pressed, cleared }: Course): string | null =>
	cleared === null
		? null
		: `${pressed === null ? "Cleared by itself after" : "Mended in"} ${duration(cleared * 1_000)}`;

/** `0:09` */
export const clock = (seconds: number): string =>
	`${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
