import { useCallback, useEffect, useState } from "react";
import type { UserPage } from "../../shared/directory/index.ts";
import type { GastownPort } from "./port.ts";

/** How often the section reads again while it is looked at; a hidden tab reads when it is shown again. */
const AGAIN_MS = 5_000;
/** After this long without a good read what stands is stale. */
export const STALE_MS = 15_000;

export type Reading = {
	/** The last good answer, and when this browser got it. */
	page: UserPage | null;
	readAt: number | null;
	/** Why the newest read failed; null when it did not. */
	failed: { message: string; requestId: string | null; at: number } | null;
	loading: boolean;
	again(): void;
};

/** Reads a user's towns and reads them again every five seconds. A failed read keeps the last good one, and says so. */
export function useGastown(userId: string, port: GastownPort): Reading {
	const [reading, setReading] = useState<Omit<Reading, "again">>(NOTHING);
	const [round, setRound] = useState(0);
	const again = useCallback(() => setRound((n) => n + 1), []);
	// biome-ignore lint/correctness/useExhaustiveDependencies: another user starts from nothing
	useEffect(() => setReading(NOTHING), [userId]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: each round is one more read
	useEffect(() => {
		const abort = new AbortController();
		let timer: ReturnType<typeof setTimeout> | undefined;
		setReading((before) => ({ ...before, loading: true }));
		const settle = (next: (before: Omit<Reading, "again">) => Omit<Reading, "again">) => {
			if (abort.signal.aborted) return;
			setReading(next);
			timer = setTimeout(() => {
				if (!document.hidden) return again();
				document.addEventListener("visibilitychange", again, { once: true, signal: abort.signal });
			}, AGAIN_MS);
		};
		port.read(userId, abort.signal).then(
			(page) => settle(() => ({ page, readAt: Date.now(), failed: null, loading: false })),
			(error: unknown) =>
				settle((before) => ({ ...before, failed: { ...told(error), at: Date.now() }, loading: false })),
		);
		return () => {
			abort.abort();
			clearTimeout(timer);
		};
	}, [userId, port, round, again]);
	return { ...reading, again };
}

const NOTHING = { page: null, readAt: null, failed: null, loading: true };

function told(error: unknown): { message: string; requestId: string | null } {
	const requestId = error instanceof Error && "requestId" in error ? error.requestId : null;
	return {
		message: error instanceof Error ? error.message : "The read failed.",
		requestId: typeof requestId === "string" ? requestId : null,
	};
}
