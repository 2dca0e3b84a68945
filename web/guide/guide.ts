import { z } from "zod";
import { type Course, course as courseShape, NOT_BEGUN } from "../drills/course.ts";
import { tell } from "../drills/reads.ts";
import { personalStore } from "../settings/person.ts";

/** What is broken for it: nothing mends it but the button, and it is seen within seconds. */
export const GUIDE_CODE = "agent.container-died";

type Running = { town: string; course: Course; opened: boolean; read: boolean };
type Guide = {
	/** It was ended or put away: offered no more by itself. */
	over: boolean;
	running: Running | null;
	begun(town: string): void;
	saw(what: Partial<Running>): void;
	end(): void;
	/** Offers it once more. */
	again(): void;
};

const running = z.object({ town: z.string(), course: courseShape, opened: z.boolean(), read: z.boolean() });

/** The practice incident of a first visit (PAGE-9): whether it is still offered, and how far it has come. */
export const useGuide = personalStore<Guide>(
	"guide",
	z.object({ over: z.boolean(), running: running.nullable() }),
	(set) => ({
		over: false,
		running: null,
		begun: (town) => set({ running: { town, course: NOT_BEGUN, opened: false, read: false } }),
		saw: (what) => set((guide) => (guide.running ? { running: { ...guide.running, ...what } } : guide)),
		end: () => set({ over: true, running: null }),
		again: () => set({ over: false }),
	}),
);

/** Ends it, at whatever step, and stops its town. */
export function endGuide(): void {
	const { running: now, end } = useGuide.getState();
	if (now) void tell(now.town, "end").catch(() => undefined);
	end();
}
