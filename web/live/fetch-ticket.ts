import { apiError, ticket } from "../../shared/directory/index.ts";
import { socketUrl } from "./browser.ts";
import type { Ticket } from "./socket.ts";

/** Refusals that trying again cannot mend: who one is, what one may, what there is. */
const FINAL_STATUSES = new Set([401, 403, 404]);

/** A fresh ticket for a town from the worker; its refusal in the worker's own words (SOCKET-4). */
export async function fetchTicket(townId: string): Promise<Ticket> {
	const response = await fetch(`/api/towns/${encodeURIComponent(townId)}/ticket`, { method: "POST" });
	const body: unknown = await response.json().catch(() => null);
	const given = ticket.safeParse(body).data;
	if (response.ok && given) return { ok: true, ticket: given.ticket, url: socketUrl(given.url) };
	const error = apiError.safeParse(body).data?.error;
	return {
		ok: false,
		final: FINAL_STATUSES.has(response.status),
		code: error?.code ?? String(response.status),
		message: error?.message ?? `The console answered ${response.status} without saying why`,
	};
}
