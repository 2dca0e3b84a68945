import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";

/** What came of a drill the last time, seconds from the fault; kept per person in this browser. */
export type Course = {
	found: number | null;
	pressed: number | null;
	effect: number | null;
	cleared: number | null;
};

type Practice = {
	running: { code: string; town: string } | null;
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
