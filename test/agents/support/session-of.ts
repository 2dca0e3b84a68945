import type { Watched } from "../../support/watched-town.ts";

/** Of an attempt to run an agent. `directory` is where its server ran. */
export type AttemptSession = { id: string; directory: string };

/**
 * The session of an attempt when all of it has come: to the end of its process, or of its `turns`-th turn where it goes on living.
 */
export async function sessionOf(
	{ viewer, reach }: Watched,
	{ agent_id, attempt_id }: { agent_id: string; attempt_id: string },
	turns: number | null,
): Promise<AttemptSession> {
	viewer.follow(agent_id);
	const state = () => viewer.stream(agent_id).getState();
	const begin = () => state().attempts.find(({ attempt }) => attempt === attempt_id)?.from ?? Infinity;
	const created = () =>
		state().events.find(([seq, , , type]) => seq >= begin() && type === "session.created");
	const info = () => (created()?.[4] as { info?: AttemptSession } | undefined)?.info;
	const isOver = () => {
		const { ends, sessions, turns: all } = state().conversation;
		if (turns === null) return ends.some(({ seq }) => (seq ?? 0) >= begin());
		return all.all.length >= turns && sessions.all.get(info()?.id ?? "")?.status.type === "idle";
	};
	await reach(`all of ${attempt_id}`, () => info() !== undefined && isOver(), 30);
	return info() as AttemptSession;
}
