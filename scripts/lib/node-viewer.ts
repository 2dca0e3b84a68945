import { WebSocket } from "ws";
import { createTownClient, type TownClient } from "../../web/live/client.ts";
import type { Ticket } from "../../web/live/socket.ts";
import { accessCookie } from "./access-cookie.ts";
import type { Settings } from "./settings.ts";

/** A client whose socket a test can cut. */
export type NodeViewer = TownClient & { cut(): void };

/** Opens towns as an admin with the page's own client, run in Node. The admin signs in once for all of them. */
export async function nodeViewers(
	settings: Settings,
	email = "ada@townwatch.example",
	/** Sees every message before the client does. */
	onText?: (text: string) => void,
): Promise<(town: string, mayConnect?: () => boolean) => NodeViewer> {
	const { value } = await accessCookie(settings, email);
	const headers = { "Cf-Access-Jwt-Assertion": value, Origin: settings.url };
	const fetchTicket = async (town: string): Promise<Ticket> => {
		const response = await fetch(`${settings.url}/api/towns/${encodeURIComponent(town)}/ticket`, {
			method: "POST",
			headers,
		});
		const body = (await response.json()) as {
			ticket: string;
			url: string;
			error?: { code: string; message: string };
		};
		if (body.error) return { ok: false, final: response.status < 500, ...body.error };
		return { ok: true, ticket: body.ticket, url: settings.url.replace(/^http/, "ws") + body.url };
	};
	return (town, mayConnect = () => true) => {
		let newest: WebSocket | null = null;
		// A browser sends its page's Origin with a socket by itself.
		const FromPage = class extends WebSocket {
			constructor(url: string | URL) {
				super(url, { origin: settings.url, perMessageDeflate: false });
				newest = this;
				if (onText) this.on("message", (data) => onText(String(data)));
			}
		};
		const client = createTownClient({
			...{ townId: town, reason: "test", WebSocket: FromPage },
			fetchTicket: async () =>
				mayConnect()
					? fetchTicket(town)
					: { ok: false, final: false, code: "cut", message: "the test holds the line" },
		});
		return { ...client, cut: () => newest?.terminate() };
	};
}

/** Resolves when the client's state is as wanted; rejects after `ms` with what it is instead. */
export async function until(client: TownClient, what: string, is: () => boolean, ms = 30_000): Promise<void> {
	if (is()) return;
	await new Promise<void>((resolve, reject) => {
		const timer = setTimeout(() => {
			stop();
			const { connection, view } = client.store.getState();
			reject(
				new Error(`not ${what} after ${ms} ms: ${JSON.stringify({ connection, position: view.position })}`),
			);
		}, ms);
		const stop = client.store.subscribe(() => {
			if (!is()) return;
			clearTimeout(timer);
			stop();
			resolve();
		});
	});
}
