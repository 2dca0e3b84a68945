import type { z } from "zod";
import { apiError } from "../shared/directory/index.ts";

/** A read that failed, with what a person needs to tell somebody: words, status and request id. */
export class ReadFailed extends Error {
	readonly status: number | null;
	readonly code: string;
	readonly requestId: string | null;
	readonly signInUrl: string | null;
	/** Epoch milliseconds of this browser. */
	readonly at: number;
	constructor(fields: {
		message: string;
		code: string;
		status?: number;
		requestId?: string;
		signInUrl?: string;
		at: number;
	}) {
		super(fields.message);
		this.name = "ReadFailed";
		this.code = fields.code;
		this.status = fields.status ?? null;
		this.requestId = fields.requestId ?? null;
		this.signInUrl = fields.signInUrl ?? null;
		this.at = fields.at;
	}
}

type Init = Omit<RequestInit, "headers"> & { headers?: Record<string, string> };

export type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

/** JSON of `path`, checked by `schema`. Throws ReadFailed for anything else: a failed read never looks empty (P2). */
export async function readJson<T>(
	schema: z.ZodType<T>,
	path: string,
	init: Init = {},
	port: Fetch = fetch,
): Promise<T> {
	const response = await port(path, {
		...init,
		headers: { accept: "application/json", ...init.headers },
	}).catch(() => {
		throw new ReadFailed({
			message: "The console's server could not be reached. Check your connection.",
			code: "unreachable",
			at: Date.now(),
		});
	});
	const requestId = response.headers.get("x-request-id") ?? undefined;
	const body: unknown = await response.json().catch(() => null);
	if (!response.ok) throw refusal(response.status, requestId, body);
	const parsed = schema.safeParse(body);
	if (parsed.success) return parsed.data;
	throw new ReadFailed({
		message: `The answer is not of the shape this page knows${where(parsed.error)}. Reload the page.`,
		code: "unknown-shape",
		status: response.status,
		requestId,
		at: Date.now(),
	});
}

function where(error: z.ZodError): string {
	const path = error.issues[0]?.path.join(".");
	return path ? ` (at ${path})` : "";
}

function refusal(status: number, requestId: string | undefined, body: unknown): ReadFailed {
	const told = apiError.safeParse(body);
	if (!told.success)
		return new ReadFailed({
			message: `The server answered ${status} without a reason.`,
			code: "no-reason",
			status,
			requestId,
			at: Date.now(),
		});
	const { code, message, request_id, sign_in_url } = told.data.error;
	return new ReadFailed({
		message,
		code,
		status,
		requestId: request_id,
		signInUrl: sign_in_url,
		at: Date.now(),
	});
}
