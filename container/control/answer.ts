import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { z } from "zod";

/** An answer of the control server. */
export type Answer = { status: number; body: unknown };

export const okay = (body: unknown): Answer => ({ status: 200, body });
export const failure = (status: number, code: string, message: string): Answer => ({
	status,
	body: { error: { code, message } },
});

/** Thrown by routes: becomes the answer. */
export class Refusal extends Error {
	readonly answer: Answer;
	constructor(status: number, code: string, message: string) {
		super(message);
		this.answer = failure(status, code, message);
	}
}

/** The body of a request, checked. Throws a `Refusal` that names the field. */
export async function readBody<S extends z.ZodType>(
	request: IncomingMessage,
	schema: S,
): Promise<z.output<S>> {
	const said = await text(request);
	let value: unknown;
	try {
		value = said === "" ? {} : JSON.parse(said);
	} catch {
		throw new Refusal(400, "no_json", "The body is no JSON.");
	}
	const parsed = schema.safeParse(value);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	throw new Refusal(400, "bad_body", `${issue?.path.join(".") || "body"}: ${issue?.message}`);
}
