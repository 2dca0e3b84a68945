import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from "react";

/** A digest is spoken at most so often (design-ui §9). */
export const DIGEST_MS = 10_000;

type Announce = {
	/** At once, and once each: a new critical finding, blind, refused, effect seen or not seen. */
	now(text: string): void;
	/** With the next digest: `words` is asked for when it is spoken, once for each `topic`; null says nothing. */
	digest(topic: string, words: () => string | null): void;
};

const AnnounceContext = createContext<Announce>({ now: () => {}, digest: () => {} });

export const useAnnounce = (): Announce => useContext(AnnounceContext);

/** The one polite status region of the page. */
export function Announcer({ children }: { children: ReactNode }) {
	const [spoken, setSpoken] = useState({ n: 0, text: "" });
	const waiting = useRef(new Map<string, () => string | null>());
	const speak = useCallback((text: string) => setSpoken(({ n }) => ({ n: n + 1, text })), []);
	const digest = useCallback((topic: string, words: () => string | null) => {
		waiting.current.set(topic, words);
	}, []);
	useEffect(() => {
		const timer = setInterval(() => {
			const said = [...waiting.current.values()].flatMap((words) => words() ?? []);
			waiting.current.clear();
			if (said.length > 0) speak(said.join(". "));
		}, DIGEST_MS);
		return () => clearInterval(timer);
	}, [speak]);
	const [announce] = useState<Announce>(() => ({ now: speak, digest }));
	return (
		<AnnounceContext value={announce}>
			{children}
			<div role="status" aria-live="polite" className="sr-only">
				<span key={spoken.n}>{spoken.text}</span>
			</div>
		</AnnounceContext>
	);
}
