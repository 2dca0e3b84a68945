import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A model's server that lets all who ask wait until they are to be answered, so that they begin together. */
export type HeldModel = {
	/** OpenAI-compatible base URL. */
	url: string;
	/** Resolves when so many wait; rejects where they do not within a minute. */
	asked(count: number): Promise<void>;
	/** From now on everybody is answered at once. */
	release(): void;
	close(): Promise<void>;
};

const ASK_MS = 60_000;

export async function heldModel(
	answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<HeldModel> {
	const released = Promise.withResolvers<void>();
	const more = new EventTarget();
	let waiting = 0;
	const server = createServer(async (request, response) => {
		waiting += 1;
		more.dispatchEvent(new Event("asked"));
		await released.promise;
		await answer(request, response);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
		async asked(count) {
			const patience = AbortSignal.timeout(ASK_MS);
			while (waiting < count) {
				if (patience.aborted) throw new Error(`${waiting} of ${count} agents asked their model`);
				await new Promise((resolve) => {
					for (const [of, sign] of [
						[more, "asked"],
						[patience, "abort"],
					] as const)
						of.addEventListener(sign, resolve, { once: true });
				});
			}
		},
		release: released.resolve,
		async close() {
			released.resolve();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
