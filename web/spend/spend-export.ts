import type { Columns } from "../export/sheet.ts";
import type { AmountRow, HourRow, ReviewCost } from "./spend.ts";

/** `cost_usd` is of the tokens that have a price; those that have none are counted beside it. */
const AMOUNT: Columns<Omit<AmountRow, "key">> = {
	input_tokens: ({ input }) => input,
	output_tokens: ({ output }) => output,
	cached_tokens: ({ cached }) => cached,
	cost_usd: ({ cost }) => cost,
	unpriced_tokens: ({ unpriced }) => unpriced,
};

export const HOUR_EXPORT: Columns<HourRow> = {
	hour: ({ key }) => key,
	agents: ({ agents }) => agents,
	closed: ({ closed }) => closed,
	...AMOUNT,
};

export const MODEL_EXPORT: Columns<AmountRow> = { model: ({ key }) => key, ...AMOUNT };

/** Of agents or beads. */
export const namedExport = (nameOf: (id: string) => string | null): Columns<AmountRow> => ({
	id: ({ key }) => key,
	name: ({ key }) => (key === "" ? null : nameOf(key)),
	...AMOUNT,
});

export const reviewExport = (nameOf: (id: string) => string | null): Columns<ReviewCost> => ({
	id: ({ request }) => request,
	name: ({ request }) => nameOf(request),
	reviews: ({ reviews }) => reviews,
	...AMOUNT,
});
