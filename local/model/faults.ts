import { z } from "zod";
import type { Task } from "../../shared/gastown/prompts.ts";

/**
 * How the model misbehaves, for whom, after how many calls that go well, and how often. `said`: words of the newest message to
 * it, since all that a mayor is asked has one title. `status`: answers so; `drop`: breaks its stream off in the middle.
 */
export const fault = z.strictObject({
	/** By the task's role and title, the model's name, and words of what was said last. */
	match: z
		.strictObject({
			role: z.string().optional(),
			title: z.string().optional(),
			model: z.string().optional(),
			said: z.string().optional(),
		})
		.default({}),
	status: z.int().min(400).max(599).optional(),
	drop: z.boolean().default(false),
	delay_ms: z.int().nonnegative().default(0),
	after: z.int().nonnegative().default(0),
	times: z.int().positive().default(1),
});
export type Fault = z.output<typeof fault>;

const WORDS: Record<number, [string, string]> = {
	400: ["Invalid value for parameter messages[0].content", "invalid_value"],
	401: ["Incorrect API key provided", "invalid_api_key"],
	402: ["Insufficient credits. Add more to keep going.", "insufficient_quota"],
	429: ["Rate limit reached for requests", "rate_limit_exceeded"],
	500: ["The server had an error while processing your request", "server_error"],
};

/** An OpenAI-compatible error body. */
export const errorBody = (status: number): object => {
	const [message, code] = WORDS[status] ?? [`Status ${status}`, "error"];
	return { error: { message, type: code, code } };
};

/** The faults that are set, each for so many calls. */
export class Faults {
	#set: Fault[] = [];

	/** The fault that is set: its `times` are those that are left. */
	add(input: unknown): Readonly<Fault> {
		const set = fault.parse(input);
		this.#set.push(set);
		return set;
	}

	clear(): void {
		this.#set = [];
	}

	/** The fault of this call, counted; null where it goes well. */
	take(task: Task | null, asked: { model: string; said: string }): Fault | null {
		const found = this.#set.find(
			({ match, times }) =>
				times > 0 &&
				(match.role === undefined || match.role === task?.role) &&
				(match.title === undefined || task?.title.includes(match.title) === true) &&
				(match.model === undefined || match.model === asked.model) &&
				(match.said === undefined || asked.said.includes(match.said)),
		);
		if (!found) return null;
		if (found.after > 0) {
			found.after -= 1;
			return null;
		}
		found.times -= 1;
		if (found.times === 0) this.#set = this.#set.filter((one) => one !== found);
		return found;
	}
}
