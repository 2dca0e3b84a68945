import { type Bead, beads } from "../../shared/gastown/index.ts";
import { aboutOf } from "../../shared/interventions/triage.ts";
import { findAgent } from "./agents.ts";
import { findBead, insertBead } from "./beads.ts";
import { recordBeadEvent } from "./journal.ts";
import { updateRow } from "./rows.ts";
import { fail, isoNow, ok, type Result, type Town } from "./town.ts";

/** Characters of a request that are worth a model's reading. */
const LINE = 1_000;

/** The town asks for a decision about an agent; `attempt` tells later whether it is still at what it was then (domain.md §2.9). */
export function makeRequest(
	town: Town,
	request: { triage: string; agent: string | null; bead: string | null; message: string },
): Bead {
	const { triage, agent, bead, message } = request;
	const attempt = (agent === null ? null : findAgent(town, agent))?.current_attempt_id ?? null;
	const rig = findBead(town, agent ?? bead ?? "")?.rig_id ?? null;
	return insertBead(town, {
		...{ id: town.uuid(), type: "issue", title: `Triage: ${message}`, body: message, priority: "high" },
		...{ rig_id: rig, parent_bead_id: null, assignee_agent_bead_id: null, created_by: "patrol" },
		labels: ["gt:triage-request"],
		metadata: { triage_type: triage, agent_bead_id: agent, bead_id: bead, attempt_id: attempt },
	});
}

/**
 * One piece of work for a triage agent: a line for each request with what there is to decide by. Each request names its batch
 * from now on, so that it is given once (TRIAGE-1).
 */
export function makeBatch(town: Town, rig: string | null, ids: readonly string[]): Result<Bead> {
	const requests = ids.flatMap((id) => findBead(town, id) ?? []);
	if (requests.length === 0)
		return fail("no-such-bead", "None of these requests is there any more.", { ids });
	const id = town.uuid();
	const batch = insertBead(town, {
		...{ id, type: "issue", priority: "high", created_by: "patrol", rig_id: rig },
		title: `Triage of ${requests.length} ${requests.length === 1 ? "request" : "requests"}`,
		body: requests.map((request) => `- ${lineOf(town, request)}`).join("\n"),
		...{ parent_bead_id: null, assignee_agent_bead_id: null, labels: ["gt:triage"] },
		metadata: { requests: requests.map(({ bead_id }) => bead_id) },
	});
	for (const { bead_id, metadata } of requests) {
		updateRow(town.sql, beads, [bead_id], {
			...{ metadata: { ...metadata, triage_batch: id }, updated_at: isoNow(town) },
		});
		recordBeadEvent(town, {
			...{ bead_id, event_type: "fields_updated", by: "patrol", new_value: id },
			metadata: { fields: ["metadata"], triage_batch: id },
		});
	}
	return ok(batch);
}

/** `ID type: message`, then what there is to decide by, in one line. */
function lineOf(town: Town, request: Bead): string {
	const about = aboutOf(request);
	const agent = about.agent === null ? null : findAgent(town, about.agent);
	const bead = about.bead === null ? null : findBead(town, about.bead);
	const words = [
		`${request.bead_id} ${request.metadata.triage_type}: ${request.body ?? request.title}`,
		...(agent ? [`Agent ${findBead(town, agent.bead_id)?.title ?? agent.identity} is ${agent.status}.`] : []),
		...(bead ? [`Bead "${bead.title}" is ${bead.status} after ${bead.dispatch_attempts} starts.`] : []),
		...(bead?.last_dispatch_error ? [`Its last error: ${bead.last_dispatch_error}`] : []),
	];
	return words.join(" ").replace(/\s+/g, " ").slice(0, LINE);
}
