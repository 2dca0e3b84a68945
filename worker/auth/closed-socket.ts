import type { CloseCode } from "../../shared/protocol/index.ts";

/**
 * Answers an upgrade that is refused: the socket is accepted, told why and closed, since a browser shows a refused upgrade as
 * a bare 1006 (SOCKET-4).
 */
export function closedSocket(code: CloseCode, reason: string): Response {
	const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
	server.accept();
	server.send(JSON.stringify({ t: "goodbye", code, reason }));
	server.close(code, closeReason(reason));
	return new Response(null, { status: 101, webSocket: client });
}

/** A close reason holds at most 123 bytes; the whole text went before it in `goodbye`. */
export function closeReason(reason: string): string {
	const bytes = new TextEncoder().encode(reason);
	if (bytes.length <= 123) return reason;
	return new TextDecoder().decode(bytes.subarray(0, 120)).replace(/�+$/, "");
}
