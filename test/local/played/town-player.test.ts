import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type IngestClient, Refused } from "../../../local/played/ingest-client.ts";
import { startTownPlayer } from "../../../local/played/town-player.ts";
import type { GitReport } from "../../../shared/ingest/index.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A container whose calls are noted by name; `refused` names those that the worker refuses. */
async function container(refused: string[] = []) {
	const calls: string[] = [];
	const life = new AbortController();
	const answer = async (name: string, body: object, signal?: AbortSignal): Promise<never> => {
		signal?.throwIfAborted();
		if (name !== "heartbeat" && name !== "log") calls.push(name);
		if (refused.includes(name)) throw new Refused(name, 409, { error: { code: "held" } });
		return ("seq" in body ? { interval: 50 } : { attempt_id: "attempt" }) as never;
	};
	const client: IngestClient = {
		gastown: (method, args, signal) => answer(method, args, signal),
		post: (path, body, signal) =>
			answer(
				"type" in (body as object) ? `${path} ${(body as { type: string }).type}` : path,
				body as object,
				signal,
			),
	};
	const player = await startTownPlayer({ town: "t", client, signal: life.signal, say: () => undefined });
	calls.splice(0);
	return { player, calls, end: () => life.abort(new Error("the container ends")) };
}

const push: GitReport = {
	...({ operation: "push", rig_id: "r", agent_id: "a", bead_id: "b", command: "git push" } as const),
	...({ outcome: "ok", exit_code: 0, stderr: null, duration_ms: 1 } as const),
};

test("nothing starts and nothing is pushed in a container that has died; both happen when it is back", async () => {
	const { player, calls, end } = await container();
	const dying = player.die({}, 25_000);
	const started = player.dispatch("a", "b", { recording: "happy-path", stays: true });
	const pushed = player.git(push);
	await vi.advanceTimersByTimeAsync(24_000);
	expect(calls).toEqual(["container-events stop"]);
	await vi.advanceTimersByTimeAsync(1_000);
	await dying;
	await vi.advanceTimersByTimeAsync(1_000);
	await Promise.all([started, pushed]);
	expect(calls.slice(0, 2)).toEqual(["container-events stop", "container-events start"]);
	expect(calls).toEqual(expect.arrayContaining(["startDispatch", "dispatchOutcome", "git-operations"]));
	end();
});

test("an agent whose container died does not end its work: it says nothing more, and is told as evicted", async () => {
	const { player, calls, end } = await container();
	let finished = false;
	const finish = async (life: AbortSignal) => {
		await player.git(push, life);
		finished = true;
	};
	const process = await player.dispatch("a", "b", { recording: "happy-path", finish });
	await vi.advanceTimersByTimeAsync(2_000);
	const dying = player.die({}, 600_000);
	await vi.advanceTimersByTimeAsync(5_000);
	calls.splice(0);
	await vi.advanceTimersByTimeAsync(590_000);
	expect(calls).toEqual([]);
	expect(await player.stop("a", null)).toBe(false);
	await vi.advanceTimersByTimeAsync(10_000);
	await dying;
	expect(await process.ended).toMatchObject({ status: "evicted" });
	expect(calls).toEqual(["container-events start", "agent-events", "completions"]);
	expect(finished).toBe(false);
	end();
});

test("a refused start leaves no bead on the hook, and an attempt that ended before its process came up no process", async () => {
	const held = await container(["startDispatch"]);
	await expect(held.player.dispatch("a", "b", { recording: "happy-path" })).rejects.toBeInstanceOf(Refused);
	expect(held.calls).toEqual(["hookBead", "startDispatch", "unhookBead"]);
	held.end();

	const late = await container(["dispatchOutcome"]);
	await expect(late.player.dispatch("a", "b", { recording: "happy-path" })).rejects.toBeInstanceOf(Refused);
	expect(late.calls.at(-1)).toBe("completions");
	await vi.advanceTimersByTimeAsync(0);
	expect(late.player.processes.size).toBe(0);
	late.end();
});
