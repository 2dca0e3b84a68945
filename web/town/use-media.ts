import { useSyncExternalStore } from "react";

/** True while the media query holds. */
export function useMedia(query: string): boolean {
	return useSyncExternalStore(
		(changed) => {
			const media = matchMedia(query);
			media.addEventListener("change", changed);
			return () => media.removeEventListener("change", changed);
		},
		() => matchMedia(query).matches,
	);
}

/** The widths of design-ui §2. */
export const PHONE = "(max-width: 767px)";
export const NARROW = "(max-width: 1023px)";
