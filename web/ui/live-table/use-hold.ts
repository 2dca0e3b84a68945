import { type RefObject, useEffect, useState } from "react";

/** After the hand has left, the order waits so long before it applies by itself (L5). */
const RELEASE_MS = 1_000;

const textSelectedIn = (root: HTMLElement): boolean => {
	const selection = document.getSelection();
	return !!selection && !selection.isCollapsed && root.contains(selection.anchorNode);
};

/**
 * True while a hand is on the list: pointer over it, focus or a text selection in it, a menu of it open, or `selecting`;
 * and for a second after it has left (L5).
 */
export function useHold(ref: RefObject<HTMLElement | null>, selecting: boolean): boolean {
	const [held, setHeld] = useState(selecting);
	useEffect(() => {
		const root = ref.current;
		if (!root) return;
		let pointer = false;
		let release: ReturnType<typeof setTimeout> | undefined;
		const hand = () =>
			pointer ||
			selecting ||
			root.contains(document.activeElement) ||
			textSelectedIn(root) ||
			root.querySelector('[aria-expanded="true"]') !== null;
		const look = () => {
			clearTimeout(release);
			if (hand()) setHeld(true);
			else release = setTimeout(() => (hand() ? look() : setHeld(false)), RELEASE_MS);
		};
		const enter = () => {
			pointer = true;
			look();
		};
		const leave = () => {
			pointer = false;
			look();
		};
		// Focus has not arrived at its new place when focusout is told.
		const focus = () => queueMicrotask(look);
		root.addEventListener("pointerenter", enter);
		root.addEventListener("pointermove", enter);
		root.addEventListener("pointerleave", leave);
		root.addEventListener("focusin", look);
		root.addEventListener("focusout", focus);
		document.addEventListener("selectionchange", look);
		look();
		return () => {
			clearTimeout(release);
			root.removeEventListener("pointerenter", enter);
			root.removeEventListener("pointermove", enter);
			root.removeEventListener("pointerleave", leave);
			root.removeEventListener("focusin", look);
			root.removeEventListener("focusout", focus);
			document.removeEventListener("selectionchange", look);
		};
	}, [ref, selecting]);
	return held;
}
