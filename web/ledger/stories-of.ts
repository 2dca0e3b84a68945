import { foldLedger, type LedgerStory } from "../../shared/ledger/fold.ts";
import type { LedgerEntry } from "../../shared/protocol/index.ts";

const folded = new WeakMap<readonly LedgerEntry[], readonly LedgerStory[]>();

/** The stories of a ledger as the page has it, folded once for all parts that tell of it; another row makes another list. */
export function storiesOf(ledger: readonly LedgerEntry[]): readonly LedgerStory[] {
	const known = folded.get(ledger) ?? foldLedger(ledger);
	folded.set(ledger, known);
	return known;
}
