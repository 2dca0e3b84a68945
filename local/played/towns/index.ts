import { assemblyHall } from "./assembly-hall.ts";
import { harborLights } from "./harbor-lights.ts";
import { longmeadow } from "./longmeadow.ts";
import { quietMill } from "./quiet-mill.ts";
import type { TownScript } from "./town-script.ts";

export const TOWNS: readonly TownScript[] = [harborLights, quietMill, assemblyHall, longmeadow];
