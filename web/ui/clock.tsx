import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";

/** Says what time it is, epoch milliseconds. Inside a town it is the town's clock, which stands still while not live (SOCKET-5). */
export type Clock = () => number;

const ClockContext = createContext<Clock>(Date.now);

/** Gives everything inside the clock of a town. */
export const ClockProvider = ({ clock, children }: { clock: Clock; children: ReactNode }) => (
	<ClockContext value={clock}>{children}</ClockContext>
);

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One shared clock, once a second, however many durations are on the page. */
const onTick = (listener: () => void): (() => void) => {
	listeners.add(listener);
	timer ??= setInterval(() => {
		for (const each of listeners) each();
	}, 1_000);
	return () => {
		listeners.delete(listener);
		if (listeners.size > 0) return;
		clearInterval(timer);
		timer = undefined;
	};
};

const read = (clock: Clock) => () => Math.floor(clock() / 1_000) * 1_000;

/** The time in whole seconds, epoch milliseconds; renders once a second while it goes on. */
export function useNow(): number {
	const clock = useContext(ClockContext);
	return useSyncExternalStore(onTick, read(clock));
}

/** This machine's time in whole seconds: for ages of what this page heard, which go on while the town's clock stands. */
export const useWallNow = (): number => useSyncExternalStore(onTick, read(Date.now));

/** The clock itself, for reading a time in a handler. */
export const useClock = (): Clock => useContext(ClockContext);
