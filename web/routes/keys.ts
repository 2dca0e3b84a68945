import { useEffect, useRef } from "react";
import { z } from "zod";
import { personalStore } from "../settings/person.ts";
import { isTyping } from "../ui/live-table/keys.ts";

type KeySettings = { single: boolean; setSingle(single: boolean): void };

/** Single keys can be turned off (WCAG 2.1.4). */
export const useKeySettings = personalStore<KeySettings>(
	"keys",
	z.object({ single: z.boolean() }),
	(set) => ({
		single: true,
		setSingle: (single) => set({ single }),
	}),
);

/** `k`, `?`, `g s` (one after the other) or `mod+k` (Ctrl or Cmd). */
export type Keys = Record<string, (event: KeyboardEvent) => void>;

const CHORD_MS = 1_200;

/** Keys of a page while it stands. Single keys never act while typing, and never change the town (design-ui §8). */
export function useKeys(keys: Keys): void {
	const latest = useRef(keys);
	latest.current = keys;
	const single = useKeySettings((settings) => settings.single);
	useEffect(() => {
		let first: { key: string; at: number } | null = null;
		const onKey = (event: KeyboardEvent) => {
			if (event.defaultPrevented || event.altKey) return;
			const mod = event.ctrlKey || event.metaKey;
			if (!mod && (!single || isTyping(event.target)) && event.key !== "Escape") return;
			const chord = first && event.timeStamp - first.at < CHORD_MS ? `${first.key} ${event.key}` : null;
			const name = mod ? `mod+${event.key.toLowerCase()}` : event.key;
			const act = (chord ? latest.current[chord] : undefined) ?? latest.current[name];
			const starts = !mod && Object.keys(latest.current).some((key) => key.startsWith(`${event.key} `));
			first = !act && starts ? { key: event.key, at: event.timeStamp } : null;
			if (!act) return;
			event.preventDefault();
			act(event);
		};
		document.addEventListener("keydown", onKey);
		return () => document.removeEventListener("keydown", onKey);
	}, [single]);
}
