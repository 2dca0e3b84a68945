import { beadEventWords, failureOf } from "./bead-event-words.ts";
import { exitWords, type Fields, isNone, type NameOf, named, quoted, took, wordOf } from "./values.ts";

const count = (of: unknown) => Number(of).toLocaleString("en-US");

const ATTEMPTS: Record<string, string> = {
	starting: "starts",
	started: "started",
	failed: "failed",
	refused: "refused",
};

/** Rows of journals say themselves what happened; the subject's name stands before these words. */
export const JOURNALS: Record<string, (row: Fields, nameOf: NameOf) => string> = {
	bead_events: (row, nameOf) => {
		const failure = failureOf(row);
		return `${beadEventWords(row, nameOf)}${failure ? `: ${quoted(failure)}` : ""}`;
	},
	agent_status_log: (row) =>
		isNone(row.from_status) ? wordOf(row.to_status) : `${wordOf(row.from_status)} → ${wordOf(row.to_status)}`,
	dispatch_attempts: (row, nameOf) => {
		const end = isNone(row.ended_at)
			? ""
			: `, ended${row.exit_code === null ? "" : `, ${exitWords(row.exit_code)}`}`;
		const why = isNone(row.error) ? "" : `: ${quoted(row.error)}`;
		return `Start ${String(row.n)} by ${named(row.agent_id, nameOf)} ${ATTEMPTS[String(row.outcome)] ?? String(row.outcome)}${end}${why}`;
	},
	container_events: (row) =>
		`${wordOf(row.type)}${isNone(row.exit_code) ? "" : `, ${exitWords(row.exit_code)}`}${isNone(row.reason) ? "" : `: ${String(row.reason)}`}`,
	git_operations: (row) =>
		`Git ${String(row.operation)} ${String(row.outcome)}${row.exit_code ? `, exit ${String(row.exit_code)}` : ""}${took(row.duration_ms)}${
			isNone(row.stderr) || row.outcome === "ok" ? "" : `: ${quoted(row.stderr)}`
		}`,
	credential_events: (row) =>
		`${String(row.type)}: ${String(row.outcome)}${row.status ? ` (${String(row.status)})` : ""}${
			isNone(row.message) ? "" : `: ${quoted(row.message)}`
		}`,
	usage: (row) =>
		`Used $${Number(row.cost).toFixed(3)} so far, ${count(row.input_tokens)} tokens in, ${count(row.output_tokens)} out`,
};
