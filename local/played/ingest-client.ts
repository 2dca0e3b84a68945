import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { wait } from "../../container/wait.ts";
import { isReportKind, type Method, type MethodInput } from "../../shared/ingest/index.ts";

type Problem = { error?: { code?: string; message?: string; details?: Record<string, unknown> } };

/** The worker refused a call: its status, code, words, and what stood in the way. A 4xx is never tried again. */
export class Refused extends Error {
	readonly status: number;
	readonly code: string;
	readonly details: Record<string, unknown>;
	constructor(path: string, status: number, body: unknown) {
		const error = (body as Problem | null)?.error;
		super(`${path}: ${status} ${error?.code ?? ""} ${error?.message ?? ""}`.trim());
		this.status = status;
		this.code = error?.code ?? "";
		this.details = error?.details ?? {};
	}
}

/** Posts JSON below `/api/towns/TOWN/container/` with the token of that town. */
export type IngestClient = {
	/**
	 * Tries again, with growing pauses, until the worker answers; rejects with `Refused` on a 4xx, or when `signal` ends it. `at`:
	 * when it happened, of what is told late (epoch milliseconds).
	 */
	post<T = unknown>(path: string, body: unknown, signal?: AbortSignal, at?: number): Promise<T>;
	/** A method of Gastown: what agents and users call. */
	gastown<M extends Method, T = unknown>(
		method: M,
		args: MethodInput<M>,
		signal?: AbortSignal,
		at?: number,
	): Promise<T>;
};

/** A report gets a name once, before it is first sent: where its answer was lost, the repeat is known as one (TOWN-2). */
const named = (path: string, body: unknown): unknown =>
	isReportKind(path) && path !== "heartbeat" ? { key: randomUUID(), ...(body as object) } : body;

const NEVER = new AbortController().signal;

/** A client of one town. `secret` signs the town's container token (SEC-5), as Gastown does when it starts a container. */
export function ingestClient(url: string, town: string, secret: string): IngestClient {
	let token: { text: string; until: number } | null = null;
	const bearer = async (): Promise<string> => {
		if (token && token.until > Date.now() + 60_000) return token.text;
		const until = Date.now() + 8 * 3_600_000;
		const text = await new SignJWT({ town })
			.setProtectedHeader({ alg: "HS256" })
			.setIssuedAt()
			.setExpirationTime(Math.floor(until / 1000))
			.sign(new TextEncoder().encode(secret));
		token = { text, until };
		return text;
	};
	const base = `${url}/api/towns/${encodeURIComponent(town)}/container/`;

	const post = async <T>(
		path: string,
		body: unknown,
		signal: AbortSignal = NEVER,
		at?: number,
	): Promise<T> => {
		const text = JSON.stringify(named(path, body));
		const late: Record<string, string> = at === undefined ? {} : { "happened-at": String(at) };
		for (let attempt = 0; ; attempt++) {
			const response = await fetch(base + path, {
				method: "POST",
				headers: { authorization: `Bearer ${await bearer()}`, "content-type": "application/json", ...late },
				body: text,
				signal: AbortSignal.any([signal, AbortSignal.timeout(20_000)]),
			}).catch(() => null);
			signal.throwIfAborted();
			if (response) {
				const answer = await response.json().catch(() => null);
				if (response.ok) return answer as T;
				if (response.status < 500 && response.status !== 429)
					throw new Refused(path, response.status, answer);
			}
			await wait(Math.min(100 * 2 ** attempt, 5_000), signal);
		}
	};
	return { post, gastown: (method, args, signal, at) => post(`gastown/${method}`, args, signal, at) };
}
