import { CATALOGUE } from "../interventions/index.ts";
import type { LedgerStory } from "./fold.ts";

type Cell = string | number | null | undefined;
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

/** First line of a CSV, with its end. */
export const csvHead = (): string => `${Object.keys(COLUMNS).join(",")}\r\n`;

/** One story's line, with its end. */
export const csvLine = (story: LedgerStory, of: Of): string =>
	`${Object.values(COLUMNS)
		.map((column) => csvCell(column(story, of)))
		.join(",")}\r\n`;

/**
 * A cell as RFC 4180 has it. A text that a spreadsheet would run as a formula begins with an apostrophe: what an agent or a
 * customer wrote must not compute on an admin's machine.
 */
export function csvCell(value: Cell): string {
	if (value === null || value === undefined) return "";
	if (typeof value === "number") return String(value);
	const safe = /^[\s]*[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
	return safe === value && !/[",\r\n]/.test(value) ? value : `"${safe.replaceAll('"', '""')}"`;
}
