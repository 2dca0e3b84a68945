import type { Subject } from "../../shared/diagnosis/finding.ts";
import { TAB_OF } from "./marks.ts";
import type { OpenTown } from "./open-town.ts";

/** Opens what a finding or an evidence is about: a bead or an agent in its inspector, else its tab. */
export function openSubject(town: Pick<OpenTown, "open" | "toTab">, { kind, id }: Subject): void {
	if (kind === "bead") town.open({ kind, id });
	else if (kind === "agent" || kind === "mayor") town.open({ kind: "agent", id, raw: false });
	else town.toTab(TAB_OF[kind]);
}
