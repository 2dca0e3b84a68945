import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ApiError } from "../../shared/directory/index.ts";

/** The one shape of a failed call: `code` for programs, `message` for people, `request_id` to quote. */
export function problem(
	c: Context,
	status: ContentfulStatusCode,
	code: string,
	message: string,
	extra: Omit<Partial<ApiError>, "code" | "message" | "request_id"> = {},
) {
	const request_id = (c.get("requestId") as string | undefined) ?? crypto.randomUUID();
	return c.json({ error: { code, message, request_id, ...extra } satisfies ApiError }, status);
}
