import { randomUUID } from "node:crypto";
import type { DrillTown } from "./drill-town.ts";

/** Nobody else's: faults of the model are set by title. */
export const unique = (title: string): string => `${title} ${randomUUID().slice(0, 4)}`;

/** The merge request of a bead with this title, once it is there. */
export const requestOf = (town: DrillTown, title: string) =>
	town.until(`a merge request of ${title}`, async () =>
		(await town.beads()).find((bead) => bead.type === "merge_request" && bead.title === `Merge: ${title}`),
	);

/** Waits until a bead is in this status. */
export const statusOf = (town: DrillTown, bead: string, status: string) =>
	town.until(`${bead} ${status}`, async () =>
		(await town.beads()).some((one) => one.bead_id === bead && one.status === status),
	);

/** Lets the refinery wait for its model so long, after so many answers, in the review of this. */
export const refineryWaits = (town: DrillTown, title: string, after: number, delay_ms: number) =>
	town.world.model.faults.add({ match: { role: "refinery", title }, after, delay_ms });
