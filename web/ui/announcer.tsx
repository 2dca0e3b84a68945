import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from "react";

/** A digest is spoken at most so often (design-ui §9). */
export const DIGEST_MS = 10_000;

type Announce = {
	/** At once, and once each: a new critical finding, blind, refused, effect seen or not seen. */
	now(text: string): void;
	/** With the next digest; the newest of each `topic` counts. */
	digest(topic: string, text: string): void;
};

const AnnounceContext = createContext<Announce>({ now: () => {}, digest: () => {} });

export const useAnnounce = (): Announce => useContext(AnnounceContext);

/** The one polite status region of the page. */
export function Announcer({ children }: { children: ReactNode }) {
	const [spoken, setSpoken] = useState({ n: 0, text: "" });
	const waiting = useRef(new Map<string, string>());
	const speak = useCallback((text: string) => setSpoken(({ n }) => ({ n: n + 1, text })), []);
	const digest = useCallback((topic: string, text: string) => {
		waiting.current.set(topic, text);
	}, []);
	useEffect(() => {
		const timer = setInterval(() => {
			if (waiting.current.size === 0) return;
			speak([...waiting.current.values()].join(". "));
			waiting.current.clear();
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
