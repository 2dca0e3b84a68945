import { z } from "zod";
import { personalStore } from "../settings/person.ts";

export const MODES = ["system", "light", "dark"] as const;
/** What a person asked for; `system` follows the machine. */
type Mode = (typeof MODES)[number];

type ModeStore = { mode: Mode; setMode(mode: Mode): void };

/** The asked mode. */
export const useMode = personalStore<ModeStore>("mode", z.object({ mode: z.enum(MODES) }), (set) => ({
	mode: "system",
	setMode: (mode) => set({ mode }),
}));

/** The mode to paint: the asked one, or the system's. */
const paintedMode = (mode: Mode, systemIsDark: boolean): "light" | "dark" =>
	mode === "system" ? (systemIsDark ? "dark" : "light") : mode;

/** Keeps `data-mode` of the page in step with what was asked and with the system. Call once, before the first paint. */
export function followMode(root: HTMLElement, media: MediaQueryList): void {
	const paint = () => root.setAttribute("data-mode", paintedMode(useMode.getState().mode, media.matches));
	useMode.subscribe(paint);
	media.addEventListener("change", paint);
	paint();
}
