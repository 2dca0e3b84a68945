import type { Finding } from "../../shared/diagnosis/finding.ts";
import type { DispatchAttempt } from "../../shared/gastown/index.ts";
import type { Batch, LedgerEntry, StreamEvent } from "../../shared/protocol/index.ts";

/** A time range of a town as it stands in an incident file. Times are epoch milliseconds of the town's clock. */
export type Incident = {
	townwatch: "incident";
	version: 1;
	town: { id: string; name: string; owner: string };
	range: { from: number; to: number };
	saved: { at: number; by: string; reason: string };
	/** As they stood when the file was saved. */
	findings: readonly Finding[];
	/** The change log, oldest first. */
	changes: readonly Batch[];
	conversations: readonly Said[];
	/** Entries of the range, oldest first. */
	ledger: readonly LedgerEntry[];
	/** The whole ledger as exported (JSON Lines), which `npm run verify-ledger` verifies offline; null where it could not be read. */
	proof: string | null;
	/** What of the range is not in the file, and why. */
	leftOut: readonly string[];
};

/** What an agent said in one attempt, within the range. */
export type Said = { attempt: DispatchAttempt; hidden: boolean; events: readonly StreamEvent[] };
