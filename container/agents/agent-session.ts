import type { AgentKind, StartAgent } from "../../shared/control/index.ts";

/** One SDK event as the agent's server emitted it; `at` is epoch milliseconds of its arrival here. */
export type SdkEvent = { at: number; id: string | null; type: string; properties: unknown };

/** How a process ended: `code` null with a signal, both null where nobody saw it. */
export type ProcessEnd = { code: number | null; signal: NodeJS.Signals | null; reason: string };

/** A running agent: its own process group, an SDK server on loopback, one session in it. */
export type AgentSession = {
	readonly pid: number;
	readonly serverPort: number;
	readonly sessionId: string;
	/** Puts a message into the session: at once, or after the turn under way, as its server does. */
	prompt(text: string): Promise<void>;
	/** Aborts the turn; false where its server says that none was under way. */
	interrupt(): Promise<boolean>;
	/** False where this permission is not pending. */
	answerPermission(id: string, reply: "once" | "always" | "reject"): Promise<boolean>;
	/** From the next prompt on. */
	setModel(model: string): void;
	setSystemPrompt(text: string): void;
	/** `term`: abort and SIGTERM, SIGKILL to the group after 5 s. `kill`: SIGKILL to the group. Resolves with `ended`. */
	stop(how: "term" | "kill", reason: string): Promise<ProcessEnd>;
	/** Resolves when the process has ended and every event that it emitted has been handed over. */
	readonly ended: Promise<ProcessEnd>;
};

export type LaunchOptions = {
	kind: AgentKind;
	order: StartAgent;
	/** Its worktree, or the empty folder of an agent without a rig; absolute. */
	workdir: string;
	/** Where it keeps its own state (HOME, XDG_*); one folder per agent, kept between its processes. */
	home: string;
	/** `GASTOWN_*`, git and PATH, ready made: handed to the process as they are. */
	env: Record<string, string>;
	/** OpenAI-compatible base URL of the model. */
	modelUrl: string;
	/** Every event of its session, in order, `sync` twins included; those of other sessions are left out here. */
	onEvent(event: SdkEvent): void;
	/** A line that its process wrote. */
	onLine(line: string): void;
	/** Ends the launch. */
	signal: AbortSignal;
};

/**
 * Starts the process, waits for its server (50 s), subscribes to `/event`, makes or resumes a session, sends the prompt.
 * Rejects with plain words, and then nothing of it runs any more.
 */
export type LaunchAgent = (options: LaunchOptions) => Promise<AgentSession>;
