import { z } from "zod";
import { AGENT_KINDS } from "../shared/control/index.ts";

const milliseconds = (value: number) => z.coerce.number().int().positive().default(value);

/** What a container process is told by its environment when it is started. */
const settings = z.object({
	TOWN_ID: z.string().min(1),
	INSTANCE_ID: z.string().min(1),
	TOWNWATCH_URL: z.url(),
	/** The town's token with which it reports. */
	CONTAINER_TOKEN: z.string().min(1),
	/** What the worker shows to be let in. */
	CONTROL_SECRET: z.string().min(16),
	/** 0: any free port, which is printed. */
	CONTROL_PORT: z.coerce.number().int().min(0).max(65_535),
	WORK_DIR: z.string().min(1),
	AGENT_KIND: z.enum(AGENT_KINDS).default("scripted"),
	/** OpenAI-compatible base URL. */
	MODEL_URL: z.url(),
	/** 0: no limit of its own. */
	MEMORY_LIMIT_MB: z.coerce.number().int().nonnegative().default(0),
	/** What had it started, e.g. an intervention: it stands in the first line of the log. */
	START_CORRELATION: z.string().optional(),
	SAMPLE_MS: milliseconds(10_000),
	POLECAT_IDLE_MS: milliseconds(2 * 60_000),
	REFINERY_IDLE_MS: milliseconds(10 * 60_000),
	DRAIN_MS: milliseconds(10_000),
	SPOOL_MAX_BYTES: z.coerce.number().int().positive().optional(),
});
export type Settings = z.output<typeof settings>;

/** `EX_CONFIG` of sysexits.h: the environment is wrong, starting again will not help. */
export const BAD_ENV = 78;

/** The settings, or one plain sentence that names each variable that is missing or wrong. */
export function readSettings(
	env: NodeJS.ProcessEnv,
): { ok: true; value: Settings } | { ok: false; message: string } {
	const parsed = settings.safeParse(env);
	if (parsed.success) return { ok: true, value: parsed.data };
	const wrong = parsed.error.issues.map((issue) => {
		const name = String(issue.path[0]);
		return env[name] === undefined ? `${name} is missing` : `${name} is wrong (${issue.message})`;
	});
	return { ok: false, message: `The container's environment is wrong: ${wrong.join("; ")}.` };
}
