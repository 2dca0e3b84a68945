import { preview } from "vite";

/**
 * Serves what was built: page and worker in workerd, on `--port N`. A program of its own, so that it can be killed and
 * started again; it ends when whoever started it is gone, which Vite's own command does not notice.
 */
const port = Number(process.argv[process.argv.indexOf("--port") + 1]);
const server = await preview({
	logLevel: "warn",
	// Vite would let every page of this machine read everything; who may is the worker's business (EMBED-1).
	preview: { port, strictPort: true, host: "127.0.0.1", cors: false },
});

let ending = false;
const end = async () => {
	if (ending) return;
	ending = true;
	await server.close().catch((error: unknown) => console.error(error));
	process.exit(0);
};
process.on("SIGTERM", end);
process.on("SIGINT", end);
process.stdin.on("end", end).resume();
