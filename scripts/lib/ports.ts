import { createServer } from "node:net";

/** True when nothing listens there. */
function isFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const probe = createServer()
			.once("error", () => resolve(false))
			.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve(true)));
	});
}

/** Throws, naming each port that is taken and how to choose others. */
export async function requirePorts(ports: Record<string, number>): Promise<void> {
	const taken: string[] = [];
	for (const [what, port] of Object.entries(ports))
		if (!(await isFree(port))) taken.push(`port ${port} (${what})`);
	if (taken.length === 0) return;
	throw new Error(
		`${taken.join(" and ")} ${taken.length > 1 ? "are" : "is"} taken by another program. ` +
			"Choose four free ports in a row, e.g. `TOWNWATCH_PORT=5800 npm start`.",
	);
}
