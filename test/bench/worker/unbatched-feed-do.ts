import { DurableObject } from "cloudflare:workers";

/** What live-ops does not do: a frame for each change to each viewer, sent by the object that has the change. */
export class UnbatchedFeedDO extends DurableObject<Env> {
	override fetch(): Response {
		const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
		this.ctx.acceptWebSocket(server);
		return new Response(null, { status: 101, webSocket: client });
	}

	change(count: number, row: unknown): void {
		for (let n = 0; n < count; n++) {
			const text = JSON.stringify({ at: Date.now(), change: row });
			for (const viewer of this.ctx.getWebSockets()) viewer.send(text);
		}
	}

	override webSocketClose(ws: WebSocket): void {
		ws.close();
	}
}
