import { z } from "zod";
import { personalStore } from "../settings/person.ts";

/** Seconds in which an admin wants to be able to cancel what they proposed; 0: those of the session, which never takes less (LEDGER-7). */
export const COUNTDOWNS = [0, 10, 20] as const;

type Countdown = { seconds: number; setSeconds(seconds: number): void };

/** A longer countdown for who needs it (WCAG 2.2.1). */
export const useCountdown = personalStore<Countdown>(
	"countdown",
	z.object({ seconds: z.number().min(0) }),
	(set) => ({ seconds: 0, setSeconds: (seconds) => set({ seconds }) }),
);
