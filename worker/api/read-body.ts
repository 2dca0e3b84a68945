import type { Context } from "hono";
import type { z } from "zod";
import { problem } from "./problem.ts";

/** Fields named in one answer; a caller mends a few at a time. */
const NAMED = 5;

/**
 * The request's JSON body, checked in full, or the 4xx that names each wrong field: 400 `bad_json`, 422 `bad_body` with
 * `details.fields`.
 */
export async function readBody<S extends z.ZodType>(
	c: Context,
	schema: S,
): Promise<{ ok: true; body: z.output<S> } | { ok: false; response: Response }> {
	let json: unknown;
	try {
		json = await c.req.json();
	} catch {
		return { ok: false, response: problem(c, 400, "bad_json", "The body is not JSON.") };
	}
	const parsed = schema.safeParse(json);
	if (parsed.success) return { ok: true, body: parsed.data };
	const fields = parsed.error.issues.slice(0, NAMED).map((issue) => ({
		field: fieldOf(issue),
		message: issue.message,
	}));
	const message = fields.map(({ field, message }) => `${field}: ${message}`).join("; ");
	return { ok: false, response: problem(c, 422, "bad_body", message, { details: { fields } }) };
}

/** `events.0.type`; of an unknown field its own name. */
function fieldOf(issue: z.core.$ZodIssue): string {
	const path = issue.path.map(String);
	if (issue.code === "unrecognized_keys") path.push(issue.keys[0] ?? "");
	return path.join(".") || "body";
}
