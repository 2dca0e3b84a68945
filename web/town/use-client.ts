import { useEffect, useState } from "react";
import { ticket } from "../../shared/directory/index.ts";
import { ReadFailed, readJson } from "../http.ts";
import { browserSchedule } from "../live/browser-schedule.ts";
import { createTownClient, type TownClient } from "../live/client.ts";
import type { Ticket } from "../live/socket.ts";

/** A client of the town while the calling page stands; null before its first effect has run. */
export function useClient(townId: string, reason: string): TownClient | null {
	const [client, setClient] = useState<TownClient | null>(null);
	useEffect(() => {
		const opened = createTownClient({
			townId,
			reason,
			schedule: browserSchedule,
			fetchTicket: () => fetchTicket(townId),
		});
		setClient(opened);
		return () => {
			opened.close();
			setClient(null);
		};
	}, [townId, reason]);
	return client;
}

/** Refusals that trying again cannot mend: not signed in, not allowed, no such town. */
const FINAL = new Set([400, 401, 403, 404]);

/** A fresh ticket from the worker; its refusal in the worker's own words (SOCKET-4). */
async function fetchTicket(townId: string): Promise<Ticket> {
	try {
		const path = `/api/towns/${encodeURIComponent(townId)}/ticket`;
		const given = await readJson(ticket, path, { method: "POST" });
		const url = new URL(given.url, location.href);
		url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
		return { ok: true, ticket: given.ticket, url: url.href };
	} catch (error) {
		if (!(error instanceof ReadFailed)) throw error;
		const final = error.status !== null && FINAL.has(error.status);
		return { ok: false, final, code: error.code, message: error.message };
	}
}
