import { useCallback, useEffect, useRef, useState } from "react";
import type { UserPage } from "../../shared/directory/index.ts";
import type { GastownPort } from "./port.ts";

/** How often the section reads again while it is looked at; a hidden tab reads when it is shown again. */
const AGAIN_MS = 5_000;
/** Each failure doubles the wait, up to this. */
const LONGEST_MS = 60_000;
/** After this long without a good read what stands is stale. */
export const STALE_MS = 15_000;

type Failure = {
	message: string;
	requestId: string | null;
	/** The server's answer; null where there was none. */
	status: number | null;
	at: number;
};

export type Reading = {
	/** The last good answer, and when this browser got it. */
	page: UserPage | null;
	readAt: number | null;
	/** Why the newest read failed; null when it did not. */
	failed: Failure | null;
	loading: boolean;
	again(): void;
};
type Read = Omit<Reading, "again">;

/** Nothing that was read before may stand behind these: who looks is not let in, or the user is gone. */
const TAKES_AWAY = [401, 403, 404];

/** Reads a user's towns and reads them again every five seconds. A failed read keeps the last good one, and says so. */
export function useGastown(userId: string, port: GastownPort): Reading {
	const [reading, setReading] = useState<Read>(NOTHING);
	const [round, setRound] = useState(0);
	const failures = useRef(0);
	const again = useCallback(() => setRound((n) => n + 1), []);
	// biome-ignore lint/correctness/useExhaustiveDependencies: another user starts from nothing
	useEffect(() => setReading(NOTHING), [userId]);
	useEffect(() => {
		window.addEventListener("online", again);
		return () => window.removeEventListener("online", again);
	}, [again]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: each round is one more read
	useEffect(() => {
		const abort = new AbortController();
		let timer: ReturnType<typeof setTimeout> | undefined;
		setReading((before) => ({ ...before, loading: true }));
		const settle = (next: (before: Read) => Read) => {
			if (abort.signal.aborted) return;
			setReading(next);
			timer = setTimeout(
				() => {
					if (!document.hidden) return again();
					document.addEventListener("visibilitychange", again, { once: true, signal: abort.signal });
				},
				Math.min(AGAIN_MS * 2 ** failures.current, LONGEST_MS),
			);
		};
		port.read(userId, abort.signal).then(
			(page) => {
				failures.current = 0;
				settle(() => ({ page, readAt: Date.now(), failed: null, loading: false }));
			},
			(error: unknown) => {
				failures.current++;
				const failed = { ...told(error), at: Date.now() };
				settle((before) => ({
					...(TAKES_AWAY.includes(failed.status ?? 0) ? NOTHING : before),
					...{ failed, loading: false },
				}));
			},
		);
		return () => {
			abort.abort();
			clearTimeout(timer);
		};
	}, [userId, port, round, again]);
	return { ...reading, again };
}

const NOTHING: Read = { page: null, readAt: null, failed: null, loading: true };

function told(error: unknown): Omit<Failure, "at"> {
	if (!(error instanceof Error)) return { message: "The read failed.", requestId: null, status: null };
	const { requestId, status } = error as Error & { requestId?: unknown; status?: unknown };
	return {
		message: error.message,
		requestId: typeof requestId === "string" ? requestId : null,
		status: typeof status === "number" ? status : null,
	};
}
