import { useMemo, useState } from "react";
import { bodiesIn, withBodies } from "../../shared/conversation/index.ts";
import { useOpenTown } from "../town/open-town.ts";
import { useAgent } from "./agent-context.ts";

/** Pieces of a body read one after the other, at most so many at one press: 64 MB. */
const MOST_PIECES = 64;

/** What was read, for the very references that stood in the value then. */
type Read = { refs: string; texts: ReadonlyMap<string, string> };

/**
 * A value of the stream in which texts may have been cut (STREAM-2), a text or anything that holds some: as it is here,
 * and whole once `fetch` has read them. `missing` counts the characters of the cut texts, 0 where nothing lacks.
 */
export function useBody<T>(of: T) {
	const { ask } = useOpenTown();
	const agent = useAgent();
	const [read, setRead] = useState<Read | null>(null);
	const [fetching, setFetching] = useState(false);
	const [failed, setFailed] = useState<string | null>(null);
	const cut = bodiesIn(of);
	const refs = cut.map((body) => body.$body).join(" ");
	const texts = read?.refs === refs ? read.texts : null;
	const value = useMemo(
		() => (texts ? (withBodies(of, (ref) => texts.get(ref) ?? "") as T) : of),
		[of, texts],
	);

	const readBody = async (ref: string): Promise<string> => {
		let all = "";
		for (let piece = 0; piece < MOST_PIECES; piece++) {
			const { rows } = await ask({ kind: "body", agent, ref, piece });
			const [row] = rows as { text: string; more: boolean }[];
			all += row?.text ?? "";
			if (!row?.more) return all;
		}
		throw new Error("It is longer than 64 MB.");
	};
	const fetch = async () => {
		setFetching(true);
		setFailed(null);
		try {
			const found = new Map<string, string>();
			const wanted = [...cut];
			for (let body = wanted.shift(); body; body = wanted.shift()) {
				const text = await readBody(body.$body);
				found.set(body.$body, text);
				// What was cut as JSON may itself hold what was cut before it.
				if (body.json) wanted.push(...bodiesIn(JSON.parse(text)));
			}
			setRead({ refs, texts: found });
		} catch (error) {
			setFailed(error instanceof Error ? error.message : "The read failed.");
		}
		setFetching(false);
	};
	const missing = texts ? 0 : cut.reduce((sum, { size }) => sum + size, 0);
	return { value, missing, fetching, failed, fetch: () => void fetch() };
}
