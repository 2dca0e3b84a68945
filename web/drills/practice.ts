import { z } from "zod";
import { personalStore } from "../settings/person.ts";
import { type Course, course } from "./course.ts";

type Practice = {
	running: { code: string; town: string } | null;
	/** What came of each drill the last time. */
	courses: Readonly<Record<string, Course>>;
	begun(code: string, town: string): void;
	ended(course: Course | null): void;
};

const kept = z.object({
	running: z.object({ code: z.string(), town: z.string() }).nullable(),
	courses: z.record(z.string(), course),
});

export const usePractice = personalStore<Practice>("practice", kept, (set) => ({
	running: null,
	courses: {},
	begun: (code, town) => set({ running: { code, town } }),
	ended: (course) =>
		set(({ running, courses }) => ({
			running: null,
			courses: running && course ? { ...courses, [running.code]: course } : courses,
		})),
}));
