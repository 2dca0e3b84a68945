import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";

/** Seconds in which an admin wants to be able to cancel what they proposed; 0: those of the session, which never takes less (LEDGER-7). */
export const COUNTDOWNS = [0, 10, 20] as const;
type Seconds = (typeof COUNTDOWNS)[number];

type Countdown = { seconds: Seconds; setSeconds(seconds: Seconds): void };

/** A longer countdown for who needs it (WCAG 2.2.1); kept per person in this browser. */
export const useCountdown = create<Countdown>()(
	persist((set) => ({ seconds: 0, setSeconds: (seconds) => set({ seconds }) }), {
		name: "townwatch.countdown",
		storage: createJSONStorage(() => localStorage),
	}),
);
