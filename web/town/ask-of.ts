import type { RowsAnswer } from "../../shared/protocol/index.ts";
import { question } from "../../shared/protocol/up/query.ts";
import type { TownClient } from "../live/client.ts";
import type { Asked } from "./open-town.ts";

/** Asks a town over the socket of its client; rejects with an Error for people. */
export const askOf =
	(client: TownClient) =>
	async (asked: Asked): Promise<RowsAnswer> => {
		const result = await client.query(question.parse(asked));
		if (!result.ok) throw new Error(result.error.message);
		return { rows: result.rows, more: result.more };
	};
