import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";
import type { Course } from "./course.ts";

type Practice = {
	running: { code: string; town: string } | null;
	/** What came of each drill the last time; kept per person in this browser. */
	courses: Readonly<Record<string, Course>>;
	begun(code: string, town: string): void;
	ended(course: Course | null): void;
};

export const usePractice = create<Practice>()(
	persist(
		(set) => ({
			running: null,
			courses: {},
			begun: (code, town) => set({ running: { code, town } }),
			ended: (course) =>
				set(({ running, courses }) => ({
					running: null,
					courses: running && course ? { ...courses, [running.code]: course } : courses,
				})),
		}),
		{ name: "townwatch.practice", storage: createJSONStorage(() => localStorage) },
	),
);
