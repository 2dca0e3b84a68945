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
