import { AgentServer } from "./server.ts";

/**
 * The scripted agent: a light process with the API of `opencode serve`. `MODEL_URL` is an OpenAI-compatible base URL, `MODEL`
 * is `provider/name`, `AGENT_HOME` keeps its session, `AGENT_PERMISSIONS` is opencode's `permission` as JSON, `AGENT_RETRY_MS` the first
 * wait after a failing model.
 */
const {
	MODEL_URL,
	MODEL = "scripted/m",
	AGENT_HOME,
	AGENT_PERMISSIONS = "{}",
	AGENT_RETRY_MS = "2000",
} = process.env;
if (!MODEL_URL || !AGENT_HOME) throw new Error("MODEL_URL and AGENT_HOME must be set.");
if (!(Number(AGENT_RETRY_MS) > 0)) throw new Error("AGENT_RETRY_MS is wrong: milliseconds are wanted.");
const [providerID = "scripted", ...name] = MODEL.split("/");

const agent = new AgentServer({
	...{ home: AGENT_HOME, modelUrl: MODEL_URL, model: { providerID, modelID: name.join("/") } },
	permissions: JSON.parse(AGENT_PERMISSIONS),
	retryMs: Number(AGENT_RETRY_MS),
});
process.once("SIGTERM", async () => {
	// As the real servers end (sdk-events.md §7): what was said is heard first.
	await agent.close();
	process.exit(143);
});
agent.server.listen(0, "127.0.0.1", () => {
	const address = agent.server.address();
	if (address && typeof address === "object")
		console.log(`scripted agent listening on http://127.0.0.1:${address.port}`);
});
