import { type RefObject, useRef } from "react";
import { useKeys } from "../routes/keys.ts";

/** The filter field of a tab, and `/` to get there. */
export function useFilterKey(): RefObject<HTMLInputElement | null> {
	const input = useRef<HTMLInputElement>(null);
	useKeys("filter", { "/": () => input.current?.focus() });
	return input;
}
