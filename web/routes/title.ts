import { useEffect } from "react";

/** Shapes, not colours (design-ui §2). */
export type Favicon = "well" | "critical" | "warning" | "blind" | "past";

/** Sets the window's title and favicon while the calling page stands. */
export function useTitle(title: string, favicon: Favicon = "well"): void {
	useEffect(() => {
		document.title = title === "" ? "Townwatch" : `${title} · Townwatch`;
	}, [title]);
	useEffect(() => {
		const link =
			document.head.querySelector<HTMLLinkElement>("link[rel=icon]") ??
			document.head.appendChild(Object.assign(document.createElement("link"), { rel: "icon" }));
		link.type = "image/svg+xml";
		link.href = `/favicon/${favicon}.svg`;
	}, [favicon]);
}

/** Title of a town by what is known of it: `✕2 harbour-api`, `▲1 …`, `⟲ 12:04:31 …` in the past, `? …` when blind, else the name. */
export function townTitle(
	name: string,
	seen: {
		blind: boolean;
		/** Time of another moment that is shown, null for now. */
		past: string | null;
		critical: number;
		warning: number;
	},
): { title: string; favicon: Favicon } {
	if (seen.past !== null) return { title: `⟲ ${seen.past} ${name}`, favicon: "past" };
	if (seen.blind) return { title: `? ${name}`, favicon: "blind" };
	if (seen.critical > 0) return { title: `✕${seen.critical} ${name}`, favicon: "critical" };
	if (seen.warning > 0) return { title: `▲${seen.warning} ${name}`, favicon: "warning" };
	return { title: name, favicon: "well" };
}
