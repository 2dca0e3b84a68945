import { Button } from "@cloudflare/kumo/components/button";
import { BULK, BULK_VERBS, type BulkKind, CATALOGUE, sortOut } from "../../shared/interventions/index.ts";
import { ActionButton, plural } from "../ui/index.ts";
import { useBulk } from "./bulk-state.ts";
import { useOpenTown } from "./open-town.ts";
import { useAct } from "./use-act.ts";
import { PHONE, useMedia } from "./use-media.ts";

type Props = { kind: BulkKind; selected: ReadonlySet<string>; onClear(): void };

/** What can be done to the rows that are selected (`x`), below them, so that none moves; a button that none of them allows says why. */
export function BulkBar({ kind, selected, onClear }: Props) {
	const { id: town, sight, reason: why } = useOpenTown();
	const { blocked } = useAct();
	const phone = useMedia(PHONE);
	const ask = useBulk((state) => state.ask);
	if (selected.size === 0) return null;
	return (
		<div
			role="toolbar"
			aria-label="Actions on the selection"
			data-bulk={selected.size}
			className="flex min-h-9 shrink-0 flex-wrap items-center gap-2 border-t border-kumo-hairline px-4 py-1"
		>
			<span className="font-medium">{selected.size} selected</span>
			{BULK[kind].map((name) => {
				const entry = CATALOGUE[name];
				if (!entry) return null;
				const params = entry.draft ?? {};
				const { can, cannot } = sortOut(entry, selected, params, sight.look);
				const first = cannot[0];
				// What its parameters decide is told on the sheet, where they are chosen.
				const none = can.length === 0 && !entry.draft && first ? `${first.name}: ${first.why}` : null;
				return (
					<ActionButton
						key={name}
						label={`${BULK_VERBS[name]} ${plural(entry.draft ? selected.size : can.length || selected.size, kind)}`}
						danger="disruptive"
						reason={blocked ?? (phone ? "Needs a larger screen" : none)}
						onPress={() => ask({ name, town, kind, params }, why)}
					/>
				);
			})}
			<Button size="sm" variant="ghost" onClick={onClear}>
				Clear selection
			</Button>
		</div>
	);
}
