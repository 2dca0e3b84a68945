import type { Evidence } from "../../shared/diagnosis/finding.ts";
import { beadTitle } from "../../shared/town-view/index.ts";
import type { OpenTown } from "./open-town.ts";

/**
 * Opens an evidence's row: its bead or agent, the container's events, else the change log of it. Where the card stands in
 * the inspector of that bead or agent (`here`), an agent's signals and last event are read in its raw stream.
 */
export function openEvidence(town: OpenTown, { entity, key }: Evidence, here: string | null = null): void {
	const name = (of: string) => JSON.stringify(of.replaceAll('"', ""));
	if (entity === "beads" && key !== here) town.open({ kind: "bead", id: key });
	else if (entity === "beads") town.toTab("events", { q: `entity:beads ${name(beadTitle(town.view, key))}` });
	else if (entity === "agent_metadata" || entity === "agent_signals")
		town.open({ kind: "agent", id: key, raw: key === here });
	else if (entity === "container_events" || (entity === "town_state" && key === "container"))
		town.toTab("container");
	else if (entity === "rig_credentials" || (entity === "town_state" && key === "config"))
		town.toTab("credentials");
	else if (entity === "town_state") town.toTab("scheduler");
	else town.toTab("events", { q: `entity:${entity}` });
}
