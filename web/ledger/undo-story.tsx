import type { TownEntity } from "../../shared/gastown/index.ts";
import { CATALOGUE } from "../../shared/interventions/index.ts";
import type { LedgerStory } from "../../shared/ledger/fold.ts";
import type { TownView } from "../../shared/town-view/index.ts";
import { isTownEntity } from "../../shared/town-view/index.ts";
import { useOpenTown } from "../town/open-town.ts";
import { useAct } from "../town/use-act.ts";
import { ActionButton } from "../ui/index.ts";

/** Puts back what an entry did, where it can be and as long as it stands as it was left. */
export function UndoStory({ story }: { story: LedgerStory }) {
	const { view } = useOpenTown();
	const { consider, press } = useAct();
	const { intent, outcome } = story;
	const entry = intent ? CATALOGUE[intent.name] : undefined;
	if (!intent || !entry || outcome?.outcome !== "applied" || !outcome.undo) return null;
	const target = { kind: entry.target, id: intent.target };
	const undo = consider(outcome.undo.name, target, outcome.undo.params, null);
	if (!undo) return null;
	return (
		<ActionButton
			label={`Undo: ${undo.label}`}
			danger={undo.danger}
			reason={undo.reason ?? movedOn(view, outcome.after, intent.target)}
			onPress={() => press(undo)}
		/>
	);
}

/** Why the target no longer stands as it was left: to undo now would undo what somebody did since. Null where it does. */
export function movedOn(view: TownView, after: Record<string, unknown>, target: string): string | null {
	for (const [id, fields] of Object.entries(after)) {
		const slash = id.indexOf("/");
		const [entity, key] = [id.slice(0, slash), id.slice(slash + 1)];
		if (key !== target || !isTownEntity(entity)) continue;
		const row = view.tables[entity as TownEntity].get(key) as Record<string, unknown> | undefined;
		if (!row) return "It is gone by now.";
		for (const [field, left] of Object.entries(fields as Record<string, unknown>))
			if (JSON.stringify(row[field]) !== JSON.stringify(left))
				return `It has gone on since: ${field.replaceAll("_", " ")} is ${String(row[field] ?? "none")} by now, not ${String(left ?? "none")}.`;
	}
	return null;
}
