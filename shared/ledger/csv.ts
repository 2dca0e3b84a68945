import { type Cell, csvRow } from "../csv.ts";
import { CATALOGUE } from "../interventions/index.ts";
import type { LedgerStory } from "./fold.ts";

type Of = { town: string; town_name: string | null };

/** One line an intervention, access or refusal: for reading and sorting, not for proof. */
const COLUMNS: Record<string, (story: LedgerStory, of: Of) => Cell> = {
	town: (_, { town }) => town,
	town_name: (_, of) => of.town_name,
	n: ({ n }) => n,
	at: ({ at }) => new Date(at).toISOString(),
	id: ({ id }) => id,
	admin: ({ admin }) => admin?.name,
	admin_email: ({ admin }) => admin?.email,
	admin_id: ({ admin }) => admin?.id,
	action: ({ intent, steps }) => intent?.name ?? steps[0]?.step,
	done: ({ intent }) => intent && (CATALOGUE[intent.name]?.title ?? intent.name),
	target: ({ intent }) => intent?.target,
	target_name: ({ intent }) => intent?.target_name,
	params: ({ intent }) => json(intent?.params),
	reason: ({ intent }) => intent?.reason,
	case: ({ intent, steps }) => intent?.case ?? text(steps[0]?.body.case),
	finding: ({ intent }) => text(intent?.finding?.sentence),
	saw: ({ intent }) => json(intent?.saw),
	saw_seq: ({ intent }) => intent?.seq,
	state: ({ state }) => state,
	answer: ({ outcome, steps }) => outcome?.message ?? text(steps[0]?.body.message),
	before: ({ outcome }) => json(outcome?.before),
	after: ({ outcome }) => json(outcome?.after),
	seq: ({ outcome }) => outcome?.seq,
	applied_at: ({ outcome }) => outcome && new Date(outcome.at).toISOString(),
	effect_seen_ms: ({ proof }) => (proof?.seen ? proof.ms : null),
	effect_missing: ({ proof }) => proof?.missing.join("; "),
	cleared_ms: ({ cleared }) => (cleared?.cleared ? cleared.ms : null),
	open_seconds: ({ steps }) => number(steps.at(-1)?.body.seconds),
	last_n: ({ steps }) => steps.at(-1)?.n,
	last_hash: ({ steps }) => steps.at(-1)?.hash,
};

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
const number = (value: unknown): number | null => (typeof value === "number" ? value : null);
const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** The same columns for the stories of one town. */
export const ledgerColumns = (of: Of): Record<string, (story: LedgerStory) => Cell> =>
	Object.fromEntries(
		Object.entries(COLUMNS).map(([name, column]) => [name, (story: LedgerStory) => column(story, of)]),
	);

/** First line of a CSV, with its end. */
export const csvHead = (): string => csvRow(Object.keys(COLUMNS));

/** One story's line, with its end. */
export const csvLine = (story: LedgerStory, of: Of): string =>
	csvRow(Object.values(COLUMNS).map((column) => column(story, of)));
