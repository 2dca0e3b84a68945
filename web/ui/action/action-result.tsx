import type { ReactNode } from "react";
import { duration } from "../format/duration.ts";
import type { Look } from "../status/signs.ts";
import { Status } from "../status/status.tsx";
import { Time } from "../time.tsx";
import { type EffectItem, EffectList } from "./effect-list.tsx";

/** What is known of an intervention that was sent. */
export type ActionTold = {
	/** How it stands, as the ledger shows it. */
	look: Look;
	/** When the town applied or refused it, epoch milliseconds. */
	at: number | null;
	/** For refused, no change, never and unknown: the town's words. */
	message: string | null;
	effects: readonly EffectItem[];
	/** Until the effect was seen, milliseconds. */
	seenAfter: number | null;
	/** Its number in the ledger, as a link. */
	entry: ReactNode;
	/** Of a remedy: how each of its steps stands. */
	steps?: ReactNode;
	/** An action that puts it back, where one can. */
	undo: ReactNode;
	/** What to do next: an action, where it was not seen or there is no undo. */
	next: ReactNode;
	/** It was refused: what was looked at has moved on. */
	again: boolean;
};

/** Applied, to be seen, seen, not seen, refused or nothing to do: each reads apart (P4). */
export function ActionResult({ told }: { told: ActionTold }) {
	return (
		<div className="flex flex-col gap-2" role="status" data-told={told.look.word}>
			<p className="flex flex-wrap items-center gap-x-3 gap-y-1">
				<Status look={told.look} className="font-medium" />
				{told.at !== null && <Time at={told.at} className="text-tone-quiet" />}
				{told.seenAfter !== null && (
					<span className="text-tone-quiet">effect seen after {duration(told.seenAfter)}</span>
				)}
				{told.entry}
			</p>
			{told.message !== null && <p>{told.message}</p>}
			{told.steps}
			{told.effects.length > 0 && <EffectList items={told.effects} />}
			{told.undo !== null && <div className="flex items-center gap-2">{told.undo}</div>}
			{told.next !== null && <div className="flex items-center gap-2">Next: {told.next}</div>}
		</div>
	);
}
