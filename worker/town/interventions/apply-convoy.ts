import { type Bead, convoyMetadata, isTerminal } from "../../../shared/gastown/index.ts";
import { endedWith, recounted } from "../../../shared/interventions/convoy.ts";
import { hasSession } from "../../../shared/interventions/reading.ts";
import { addDependency, applyMove, endBead, needBead, removeDependency } from "../beads.ts";
import { convoyAddBead, convoyRemoveBead, mayMove, startConvoy } from "../convoys.ts";
import { agentsHookedTo } from "../hooks.ts";
import { updateRow } from "../rows.ts";
import { ok, type Result } from "../town.ts";
import { type Applying, forgetProcess } from "./apply-agent.ts";

function applyRecount({ town, look, target }: Applying): Result<unknown> {
	const moved = mayMove(town, target, "count");
	if (!moved.ok) return moved;
	updateRow(town.sql, convoyMetadata, [target], recounted(target, look));
	return ok(null);
}

/** The scheduler makes the landing: it finds every member closed, and no attempt and no back-off that hold it. */
function applyRetryLanding({ town, target, by }: Applying): Result<unknown> {
	const moved = mayMove(town, target, "retry");
	if (!moved.ok) return moved;
	const bead = needBead(town, target);
	if (!bead.ok) return bead;
	updateRow(town.sql, convoyMetadata, [target], {
		...{ ready_to_land: 1, landing_attempts: 0, last_landing_attempt_at: null, last_landing_error: null },
	});
	return isTerminal(bead.value.status) ? applyMove(town, bead.value, "reopen", { by }) : ok(null);
}

function applyClose(applying: Applying, params: { members: "keep" | "close" }): Result<unknown> {
	const { town, look, target, by } = applying;
	const moved = mayMove(town, target, "close");
	if (!moved.ok) return moved;
	const end = (bead: Bead): Result<unknown> => {
		const without = agentsHookedTo(town, bead.bead_id).filter((agent) => !hasSession(agent, look));
		const closed = endBead(town, bead, "close", { by });
		if (closed.ok) for (const agent of without) forgetProcess(town, agent);
		return closed;
	};
	for (const member of endedWith(target, params, look)) {
		const closed = end(member);
		if (!closed.ok) return closed;
	}
	const convoy = needBead(town, target);
	return convoy.ok ? end(convoy.value) : convoy;
}

type Member = { bead: string };
type Blocker = { on: string };

export const APPLY_CONVOY = {
	"convoy.start": ({ town, target, by }: Applying) => startConvoy(town, { convoy_id: target, actor: by }),
	"convoy.recount": applyRecount,
	"convoy.add-bead": ({ town, target }: Applying, { bead }: Member) =>
		convoyAddBead(town, { convoy_id: target, bead_id: bead }),
	"convoy.drop-bead": ({ town, target }: Applying, { bead }: Member) =>
		convoyRemoveBead(town, { convoy_id: target, bead_id: bead }),
	"convoy.retry-landing": applyRetryLanding,
	"convoy.close": applyClose,
	"bead.block": ({ town, target }: Applying, { on }: Blocker) =>
		addDependency(town, { bead_id: target, depends_on_bead_id: on, dependency_type: "blocks" }),
	"bead.unblock": ({ town, target }: Applying, { on }: Blocker) =>
		removeDependency(town, { bead_id: target, depends_on_bead_id: on }),
};
