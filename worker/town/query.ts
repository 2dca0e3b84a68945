import type { Question } from "../../shared/protocol/index.ts";
import type { LiveOps } from "../live-ops/index.ts";
import type { QueryAnswer, Refusal } from "../rpc.ts";

/** Answers what a page may ask a town: older rows of a journal, the change log, the state as it was, a whole cell. A read that fails says why. */
export function queryTown(liveOps: LiveOps, question: Question): QueryAnswer | Refusal {
	switch (question.kind) {
		case "journal": {
			if (liveOps.kind(question.entity) === "state")
				return {
					ok: false,
					code: "not-a-journal",
					message: `${question.entity} is part of the state; only journals are read by query.`,
				};
			return liveOps.older(question.entity, question);
		}
		case "changes":
			return liveOps.changesBefore(question.before, question.limit);
		case "moment":
			return liveOps.moment(question);
		case "cell":
			return liveOps.cell(question.entity, question.key, question.column);
		default:
			return {
				ok: false,
				code: "not-here",
				message: `A town does not answer questions of kind ${question.kind}.`,
			};
	}
}
