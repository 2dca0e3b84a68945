import { useEffect, useState } from "react";
import type { ConnectionView } from "../live/connection-view.ts";

/** A whole state may be minutes old; what follows it has come so long after the sight is live. */
const SETTLE_MS = 2_000;

/** True once the town has been seen live for a moment: before, a diagnosis is of a state that is still read (FEED-3). */
export function useSettled({ is }: Pick<ConnectionView, "is">): boolean {
	const [settled, setSettled] = useState(false);
	useEffect(() => {
		if (is !== "live") return setSettled(false);
		const timer = setTimeout(() => setSettled(true), SETTLE_MS);
		return () => clearTimeout(timer);
	}, [is]);
	return settled;
}
