import type { Subject } from "../../shared/diagnosis/finding.ts";
import type { OpenTown } from "./open-town.ts";

/** Opens what a finding or an evidence is about: a bead, an agent, else the container's tab by its address. */
export function openSubject(town: Pick<OpenTown, "open" | "toTab">, { kind, id }: Subject): void {
	if (kind === "bead") town.open({ kind, id });
	else if (kind === "agent" || kind === "mayor") town.open({ kind: "agent", id, raw: false });
	else
		town.toTab(
			kind === "container" ? "container" : "events",
			kind === "credential" ? { q: "entity:credential" } : {},
		);
}
