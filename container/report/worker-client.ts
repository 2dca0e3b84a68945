/** What the worker answered; `status` 0 where it could not be reached. */
export type WorkerAnswer = { status: number; body: unknown };

const TIMEOUT_MS = 20_000;
/** Reports younger than this are told as of now: clocks differ. */
const LATE_MS = 5_000;

/** Speaks to the worker with the town's token, which can be replaced while the container runs. */
export class WorkerClient {
	readonly #base: string;
	token: string;

	constructor(url: string, town: string, token: string) {
		this.#base = `${url}/api/towns/${encodeURIComponent(town)}/container/`;
		this.token = token;
	}

	/** Posts JSON text. `at`: when it happened, epoch milliseconds. Never rejects but for `signal`. */
	async post(
		path: string,
		text: string,
		{ at, signal }: { at?: number; signal?: AbortSignal } = {},
	): Promise<WorkerAnswer> {
		const late = at !== undefined && Date.now() - at > LATE_MS ? { "happened-at": String(at) } : undefined;
		const patience = AbortSignal.timeout(TIMEOUT_MS);
		try {
			const response = await fetch(this.#base + path, {
				method: "POST",
				headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json", ...late },
				body: text,
				signal: signal ? AbortSignal.any([signal, patience]) : patience,
			});
			const answer = await response.text();
			return { status: response.status, body: parsed(answer) };
		} catch (error) {
			signal?.throwIfAborted();
			return {
				status: 0,
				body: { error: { code: "unreachable", message: String((error as Error).cause ?? error) } },
			};
		}
	}
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return { error: { code: "no-json", message: text.slice(0, 200) } };
	}
}

/** Code and words of a refusal. */
export function problemIn(body: unknown): { code: string; message: string } {
	const { code = "", message = "" } =
		(body as { error?: { code?: string; message?: string } } | null)?.error ?? {};
	return { code, message };
}
