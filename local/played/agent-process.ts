import { randomBytes } from "node:crypto";
import { wait } from "../../container/wait.ts";
import type { CompletionReport } from "../../shared/ingest/index.ts";
import { type IngestClient, Refused } from "./ingest-client.ts";
import { type RecordedEvent, recording, replay } from "./recordings.ts";
import { streamProducer } from "./stream-producer.ts";

export type Exit = Pick<CompletionReport, "status" | "exit_code" | "signal" | "reason">;

/** A played agent: what the container would know of its process. */
export type AgentProcess = {
	agent: string;
	attempt: string | null;
	pid: number;
	/** Epoch milliseconds. */
	startedAt: number;
	lastEventType: string | null;
	/** Epoch milliseconds. */
	lastEventAt: number;
	activeTools: Set<string>;
	/** How it ended, after its last events and its exit were reported. */
	ended: Promise<Exit>;
	/** Ends it; resolves when its exit has been reported. */
	end(exit: Exit): Promise<void>;
	/** Alive but silent from now on, as after SIGSTOP. */
	freeze(): void;
};

export type Play = {
	/** Played once, in its own time. */
	recording: string;
	/** Ends with this instead of well, at this share (0 to 1) of its recording. */
	fails?: { at: number; exit: Exit };
	/** Falls silent after so many milliseconds of its recording, and lives on, as after SIGSTOP. */
	hangsAfter?: number;
	/** Stays alive when the recording is over, as a mayor's session does. */
	stays?: boolean;
	/** What the agent does last, when its recording ended well: push, report that it is done. Its process may end before. */
	finish?: (life: AbortSignal) => Promise<void>;
};

export const STOPPED: Exit = {
	status: "stopped",
	exit_code: null,
	signal: "SIGTERM",
	reason: "stopped by the town",
};
export const EVICTED: Exit = {
	status: "evicted",
	exit_code: null,
	signal: "SIGTERM",
	reason: "container eviction",
};
export const CRASHED: Exit = {
	status: "failed",
	exit_code: null,
	signal: "SIGSEGV",
	reason: "agent process crashed",
};

type Options = {
	client: IngestClient;
	agent: string;
	attempt: string | null;
	bead: string | null;
	play: Play;
	/** When it was started, epoch milliseconds: what it did since is told at once. */
	startedAt?: number;
	onRefused: (refused: Refused) => void;
};

let pids = 4_000;
/** The longest that a timer can wait. */
const FOREVER_MS = 2 ** 31 - 1;

/** Starts a played agent process: its recorded events go through the ingest API as if they happened now. */
export function startAgentProcess(options: Options): AgentProcess {
	const { client, agent, attempt, bead, play, startedAt = Date.now() } = options;
	const life = new AbortController();
	const stream = streamProducer({
		...{ client, agent, attempt, bead, onRefused: options.onRefused },
		producer: `${agent}:${randomBytes(6).toString("hex")}`,
	});
	let exit: Exit = { status: "completed", exit_code: 0, signal: null, reason: "completed" };
	let frozen = false;

	const say = (event: RecordedEvent) => {
		stream.push(event);
		state.lastEventType = event.type;
		state.lastEventAt = event.at;
		followTools(state.activeTools, event);
	};
	const run = async () => {
		const source = recording(play.recording);
		const begin = startedAt;
		const hangs = begin + (play.hangsAfter ?? Number.POSITIVE_INFINITY);
		const cut = play.fails ? begin + source.length * play.fails.at : Number.POSITIVE_INFINITY;
		for (const event of replay(source, begin, randomBytes(1).toString("hex"))) {
			if (event.at > cut) break;
			if (event.at > Date.now()) await wait(event.at - Date.now(), life.signal);
			if (event.at > hangs) state.freeze();
			if (frozen) break;
			say(event);
		}
		if (frozen) await wait(FOREVER_MS, life.signal);
		if (play.fails) {
			exit = play.fails.exit;
			return;
		}
		await play.finish?.(life.signal);
		if (play.stays) await wait(FOREVER_MS, life.signal);
	};
	const live = async (): Promise<Exit> => {
		await run().catch((error: unknown) => {
			if (life.signal.aborted) return;
			if (!(error instanceof Refused)) throw error;
			// Its last report was refused: the work was taken from it meanwhile.
			options.onRefused(error);
		});
		stream.push({ at: Date.now(), id: null, type: "agent.exited", properties: { ...exit, pid: state.pid } });
		await stream.close();
		await client.post("completions", {
			agent_id: agent,
			attempt_id: attempt,
			...exit,
		} satisfies CompletionReport);
		return exit;
	};

	const state: AgentProcess = {
		...{ agent, attempt, pid: ++pids, startedAt, lastEventType: null, lastEventAt: startedAt },
		activeTools: new Set(),
		ended: Promise.resolve(exit),
		end: async (how) => {
			exit = how;
			life.abort();
			await state.ended;
		},
		freeze: () => {
			frozen = true;
			state.activeTools.clear();
		},
	};
	state.ended = live();
	return state;
}

/** Keeps the names of the tools that run, as heartbeats tell them. */
function followTools(active: Set<string>, event: RecordedEvent): void {
	if (event.type !== "message.part.updated") return;
	const { part } = event.properties as { part: { type: string; tool?: string; state?: { status: string } } };
	if (part.type !== "tool" || !part.tool) return;
	if (part.state?.status === "running") active.add(part.tool);
	else active.delete(part.tool);
}
