import {
	type CatalogueEntry,
	changedFields,
	changesInWords,
	type Lookup,
	type Order,
	type Verdict,
} from "../../../shared/interventions/index.ts";
import type { Sql } from "../../live-ops/sql.ts";
import type { Checked } from "../../rpc.ts";
import { targetRow } from "./snapshot.ts";
import { whoChanged } from "./who-changed.ts";

/** What the rules say of an order whose parameters have been checked; nothing is changed. */
export function considered(
	entry: CatalogueEntry,
	order: Pick<Order, "target" | "params">,
	look: Lookup,
): Checked {
	const { target, params } = order;
	const ofTown = entry.target === "town" || entry.target === "container";
	return {
		// Beads and agents are both rows of `beads`, whose title is their name; a rig has its own row.
		target_name:
			(ofTown ? look.town("town")?.name : (look.bead(target)?.title ?? look.rig(target)?.name)) || target,
		danger: entry.danger(target, params, look),
		saw: entry.saw(target, params, look),
		verdict: entry.precondition(target, params, look),
	};
}

/**
 * Whether an order may be applied now. Nothing to do comes first, then what has changed since the admin looked, then what stands in
 * the way (LEDGER-5); `held` is asked only of what may.
 */
export function verdictOn(
	entry: CatalogueEntry,
	order: Order,
	params: Record<string, unknown>,
	{ sql, look, held }: { sql: Sql; look: Lookup; held?: () => Verdict },
): Verdict {
	const { target } = order;
	const verdict = entry.precondition(target, params, look);
	if (!verdict.ok && (verdict.kind === "noop" || verdict.code === "gone")) return verdict;
	const changes = order.goes_on ? [] : changedFields(order.saw, entry.saw(target, params, look));
	if (changes.length > 0) {
		const who = whoChanged(sql, targetRow(entry, target), changes);
		const by = who ? ` by ${who.by} (${who.what})` : "";
		const message = `${changesInWords(changes)}${by}, after you looked. Nothing was changed.`;
		return { ok: false, kind: "refused", code: "changed", message: `Not done: ${message}` };
	}
	if (!verdict.ok) return verdict;
	const free = held?.() ?? verdict;
	// What was safe when it was proposed went at once; nobody could have cancelled what it is now (LEDGER-7).
	if (free.ok && order.safe_only && entry.danger(target, params, look) !== "safe")
		return {
			...{ ok: false, kind: "refused", code: "danger" },
			message: "Not done: by now this stops or starts work. Look again.",
		};
	return free;
}
