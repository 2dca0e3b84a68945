import { useEffect, useRef } from "react";
import { z } from "zod";
import { personalStore } from "../settings/person.ts";
import { beginChord, chordBefore } from "../ui/chord.ts";
import { isTyping } from "../ui/live-table/keys.ts";
import type { KeysOf, Where } from "./shortcuts.ts";

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

/** Another thing stands over the page, and its keys are its own. */
const isElsewhere = (target: EventTarget | null): boolean =>
	target instanceof Element && target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null;

/**
 * Binds the keys of a place while it stands: `k`, `?`, `g s` (one after the other) or `mod+k` (Ctrl or Cmd). Single keys never act
 * while typing, and never change the town (design-ui §8).
 */
export function useKeys<W extends Where>(_where: W, keys: KeysOf<W>): void {
	const latest = useRef<Record<string, () => void>>(keys);
	latest.current = keys;
	const single = useKeySettings((settings) => settings.single);
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			if (event.defaultPrevented || event.altKey || isElsewhere(event.target)) return;
			const mod = event.ctrlKey || event.metaKey;
			if (!mod && (!single || isTyping(event.target)) && event.key !== "Escape") return;
			const first = mod || event.key === "Escape" ? null : chordBefore(event);
			const name = mod ? `mod+${event.key.toLowerCase()}` : event.key;
			const act = latest.current[first === null ? name : `${first} ${event.key}`];
			const begins = Object.keys(latest.current).some((key) => key.startsWith(`${event.key} `));
			if (!mod && first === null && !act && begins) beginChord(event);
			if (!act) return;
			event.preventDefault();
			act();
		};
		document.addEventListener("keydown", onKey);
		return () => document.removeEventListener("keydown", onKey);
	}, [single]);
}
