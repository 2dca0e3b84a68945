import { useState } from "react";
import { headOf, isBody, type Text } from "../../shared/conversation/index.ts";
import { useOpenTown } from "../town/open-town.ts";
import { useAgent } from "./agent-context.ts";

/** Pieces of a body read one after the other, at most so many at one press: 64 MB. */
const MOST_PIECES = 64;

/** A text that may have been cut in the stream (STREAM-2): its head, and the whole on demand. */
export function useBody(text: Text) {
	const { ask } = useOpenTown();
	const agent = useAgent();
	const [whole, setWhole] = useState<string | null>(null);
	const [fetching, setFetching] = useState(false);
	const [failed, setFailed] = useState<string | null>(null);
	const fetch = async () => {
		if (!isBody(text)) return;
		setFetching(true);
		setFailed(null);
		try {
			let all = "";
			for (let piece = 0; piece < MOST_PIECES; piece++) {
				const { rows } = await ask({ kind: "body", agent, ref: text.$body, piece });
				const [row] = rows as { text: string; more: boolean }[];
				all += row?.text ?? "";
				if (!row?.more) break;
			}
			setWhole(all);
		} catch (error) {
			setFailed(error instanceof Error ? error.message : "The read failed.");
		}
		setFetching(false);
	};
	return { text: whole ?? headOf(text), fetching, failed, fetch: () => void fetch() };
}
