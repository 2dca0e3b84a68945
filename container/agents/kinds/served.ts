import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type Kind, modelName, PERMISSIONS } from "./kind.ts";

const USER = "container";

/** The real servers: `AGENT_BINARY` is the platform's own program, run without its wrapper. Nothing of them asks the internet (sdk-events.md §7). */
const served = (name: "OPENCODE" | "KILO"): Kind => ({
	startsAlone: true,
	command: ({ model, home, modelUrl }) => {
		const program = process.env.AGENT_BINARY;
		if (!program) throw new Error("AGENT_BINARY is not set: it names the program of this kind of agent.");
		const { providerID, modelID } = modelName(model);
		const about = {
			tool_call: true,
			reasoning: true,
			limit: { context: 200_000, output: 8_192 },
			cost: { input: 3, output: 15, cache_read: 0.3 },
		};
		const config = {
			provider: {
				[providerID]: {
					npm: "@ai-sdk/openai-compatible",
					options: { baseURL: modelUrl, apiKey: "scripted" },
					models: { [modelID]: about, title: about },
				},
			},
			enabled_providers: [providerID],
			model: `${providerID}/${modelID}`,
			small_model: `${providerID}/title`,
			permission: PERMISSIONS,
			autoupdate: false,
			share: "disabled",
			snapshot: false,
		};
		// Else whoever reaches loopback, another town's agent too, could give it commands.
		const password = randomBytes(24).toString("hex");
		return {
			program,
			args: ["serve", "--port", "0", "--hostname", "127.0.0.1"],
			authorization: `Basic ${Buffer.from(`${USER}:${password}`).toString("base64")}`,
			env: {
				[`${name}_SERVER_USERNAME`]: USER,
				[`${name}_SERVER_PASSWORD`]: password,
				[`${name}_CONFIG_CONTENT`]: JSON.stringify(config),
				[`${name}_DISABLE_MODELS_FETCH`]: "1",
				[`${name}_DISABLE_AUTOUPDATE`]: "1",
				[`${name}_DISABLE_LSP_DOWNLOAD`]: "1",
				KILO_TELEMETRY_LEVEL: "off",
				KILO_DISABLE_SESSION_INGEST: "1",
				KILO_DISABLE_CODEBASE_INDEXING: "1",
				// Else it installs packages into each new folder in the background: nothing listens there.
				npm_config_registry: "http://127.0.0.1:9/",
				XDG_DATA_HOME: join(home, "data"),
				XDG_CONFIG_HOME: join(home, "config"),
				XDG_CACHE_HOME: join(home, "cache"),
				XDG_STATE_HOME: join(home, "state"),
			},
		};
	},
});

export const opencode = served("OPENCODE");
export const kilo = served("KILO");
