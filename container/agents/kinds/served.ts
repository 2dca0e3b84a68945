import { join } from "node:path";
import { type Kind, modelName, PERMISSIONS } from "./kind.ts";

/** The real servers: `AGENT_BINARY` is the platform's own program, run without its wrapper. Nothing of them asks the internet (sdk-events.md §7). */
const served = (name: "OPENCODE" | "KILO"): Kind => ({
	command: ({ order, home, modelUrl }) => {
		const program = process.env.AGENT_BINARY;
		if (!program) throw new Error("AGENT_BINARY is not set: it names the program of this kind of agent.");
		const { providerID, modelID } = modelName(order.model);
		const model = {
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
					models: { [modelID]: model, title: model },
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
		return {
			program,
			args: ["serve", "--port", "0", "--hostname", "127.0.0.1"],
			env: {
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
