import type { Position, Question } from "../../shared/protocol/index.ts";
import type { Page, QueryAnswer, Refusal } from "../rpc.ts";
import { readBody } from "./bodies.ts";
import { whyNot } from "./feed.ts";
import { type SegmentView, shown } from "./hidden.ts";
import { eventsBefore, pageAfter } from "./page.ts";
import { passageOf } from "./passage.ts";
import type { AgentStream } from "./stream.ts";

const HIDDEN: Refusal = {
	...{ ok: false, code: "hidden" },
	message: "This text is hidden. Reveal the conversation first; that is recorded.",
};

/** What the town may know of a stream, as `view` shows it. */
export function askStream(stream: AgentStream, question: Question, view: SegmentView): QueryAnswer | Refusal {
	if (question.kind === "stream") return eventsBefore(stream, question.before, question.bytes, view);
	if (question.kind === "passage") return passageOf(stream, question, view);
	if (question.kind === "body" && view !== shown) return HIDDEN;
	if (question.kind === "body") return readBody(stream.sql, question.ref, question.piece);
	return { ok: false, code: "bad-question", message: `An agent cannot answer "${question.kind}".` };
}

/** Frames after a cursor, or why there can be none. */
export function pageStream(stream: AgentStream, cursor: Position, bytes: number, view: SegmentView): Page {
	const reset = whyNot(stream, cursor);
	return reset ? { reset } : pageAfter(stream, cursor, bytes, view);
}
