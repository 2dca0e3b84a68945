import type { Answer, Failure } from "../../shared/protocol/index.ts";

/** What became of a request: the session's answer, or a failure of this page's own. */
export type Result = { ok: true; value: unknown } | { ok: false; error: Failure };

export const failed = (code: string, message: string): Result => ({ ok: false, error: { code, message } });

const answerLost = (t: string): Failure => ({
	code: "connection-lost",
	message:
		t === "propose" || t === "remedy"
			? "Connection lost after sending. Asking the town whether it was done; do not repeat it."
			: "The connection was lost before the answer came.",
});

/** Requests that wait for their one answer (SOCKET-1). */
export type Requests = {
	/** Sends a message under a new id. Resolves exactly once, never rejects. */
	ask(message: Record<string, unknown> & { t: string }): Promise<Result>;
	answer(message: Answer): void;
	/** Fails everything that waits: its answer can come no more. */
	failAll(): void;
	readonly waiting: number;
};

/** `send` gives false where nothing can be sent. */
export function requests(send: (text: string) => boolean, newId: () => string): Requests {
	const open = new Map<string, { t: string; done: (result: Result) => void }>();
	return {
		ask(message) {
			return new Promise((done) => {
				const id = newId();
				if (send(JSON.stringify({ ...message, id }))) open.set(id, { t: message.t, done });
				else done(failed("not-connected", "Not connected. Nothing was sent."));
			});
		},
		answer(message) {
			const request = open.get(message.id);
			open.delete(message.id);
			request?.done(message.ok ? { ok: true, value: message.value } : { ok: false, error: message.error });
		},
		failAll() {
			const all = [...open.values()];
			open.clear();
			for (const { t, done } of all) done({ ok: false, error: answerLost(t) });
		},
		get waiting() {
			return open.size;
		},
	};
}
