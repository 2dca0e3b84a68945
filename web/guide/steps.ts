import type { Course } from "../drills/course.ts";

/** What a reader of the practice incident is to do next. Each ends by what is so, never by time. */
export const GUIDE_STEPS = ["find", "open", "press", "effect", "cleared", "ledger"] as const;
export type GuideStep = (typeof GUIDE_STEPS)[number] | "done";

type Seen = {
	course: Course;
	/** The cause, or what it is about, has stood open. */
	opened: boolean;
	/** The entry of what was pressed has stood open. */
	read: boolean;
};

export function guideStep({ course, opened, read }: Seen): GuideStep {
	const { found, pressed, effect, cleared } = course;
	if (cleared !== null) return pressed === null || read ? "done" : "ledger";
	if (pressed !== null) return effect === null ? "effect" : "cleared";
	if (found === null) return "find";
	return opened ? "press" : "open";
}
