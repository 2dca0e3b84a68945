import type { ReportKind, Reports } from "../../shared/ingest/index.ts";
import type { Interventions } from "./interventions/interventions.ts";

/** Tells the interventions of every process that a report shows to have ended, so that awaited stops are seen (LEDGER-2). */
export function observeEnds<K extends ReportKind>(
	interventions: Pick<Interventions, "observeExit">,
	kind: K,
	report: Reports[K],
): void {
	if (kind === "completions") interventions.observeExit((report as Reports["completions"]).agent_id);
	if (kind === "container-events" && (report as Reports["container-events"]).type === "stop")
		interventions.observeExit(null);
}
