import { createServer } from "node:net";

/** The first of four free ports in a row, below those that the system gives to outgoing connections. */
export async function freePorts(): Promise<number> {
	for (let port = 20_000 + (process.pid % 3_000) * 4; ; port += 4) {
		const free = await Promise.all([port, port + 1, port + 2, port + 3].map(isFree));
		if (free.every(Boolean)) return port;
	}
}

const isFree = (port: number): Promise<boolean> =>
	new Promise((resolve) => {
		const probe = createServer()
			.once("error", () => resolve(false))
			.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
	});
