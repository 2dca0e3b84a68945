import { join } from "node:path";
import { type Kind, PERMISSIONS } from "./kind.ts";

const MAIN = join(import.meta.dirname, "../../scripted-agent/main.ts");

/** The built-in light process. */
export const scripted: Kind = {
	startsAlone: false,
	command: ({ model, home, modelUrl }) => ({
		program: process.execPath,
		args: [MAIN],
		env: {
			MODEL_URL: modelUrl,
			MODEL: model,
			AGENT_HOME: home,
			AGENT_PERMISSIONS: JSON.stringify({ bash: PERMISSIONS.bash }),
			...(process.env.AGENT_RETRY_MS ? { AGENT_RETRY_MS: process.env.AGENT_RETRY_MS } : {}),
		},
	}),
};
