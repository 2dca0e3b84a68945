import { z } from "zod";

const part = z.object({ to: z.int(), mark: z.string() });
const parts = z.union([
	z.object({ batches: z.array(part) }).transform(({ batches }) => batches),
	z.object({ segments: z.array(part) }).transform(({ segments }) => segments),
]);

/** The mark at each place where a frame could have been cut: by the last seq of its batches or segments. */
export function batchMarks(text: string): Map<number, string> {
	const parsed = parts.safeParse(JSON.parse(text));
	return new Map(parsed.success ? parsed.data.map(({ to, mark }) => [to, mark]) : []);
}
