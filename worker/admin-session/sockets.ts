/** Closes an outgoing socket that may be closed already, or was never accepted. */
export function closeQuietly(socket: WebSocket | null): void {
	if (!socket) return;
	for (const close of [() => socket.accept(), () => socket.close(1000, "")])
		try {
			close();
		} catch {
			// Accepted before, or closed from the other side: there is nobody to tell.
		}
}

/** Codes that a peer may not send in a close frame are answered as a normal close. */
export const replyCode = (code: number): number =>
	code === 1000 || (code >= 3000 && code <= 4999) || (code > 1000 && code < 1004) ? code : 1000;
