import { z } from "zod";
import { NARROW, PHONE, useMedia } from "../town/use-media.ts";
import { personalStore } from "./person.ts";

const DENSITIES = ["compact", "comfortable"] as const;
type Density = (typeof DENSITIES)[number];

type DensityStore = { density: Density; setDensity(density: Density): void };

/** How close the rows of a list stand. */
export const useDensity = personalStore<DensityStore>(
	"density",
	z.object({ density: z.enum(DENSITIES) }),
	(set) => ({ density: "compact", setDensity: (density) => set({ density }) }),
);

/** Pixels of a row: what was asked, but no less than a finger needs; on a phone a row has two lines. */
export function useRowHeight(): number {
	const phone = useMedia(PHONE);
	const narrow = useMedia(NARROW);
	const comfortable = useDensity(({ density }) => density === "comfortable");
	return phone ? 52 : narrow ? 44 : comfortable ? 36 : 28;
}
