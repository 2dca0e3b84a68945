import { join } from "node:path";
import type { Agents } from "../../../scripts/lib/app.ts";
import { except } from "../../shared/conversation/exceptions.ts";
import type { Running } from "../../support/app.ts";
import type { Watched } from "../../support/watched-town.ts";
import { folded } from "./folded.ts";
import { ownAnswer } from "./own-answer.ts";
import { expect } from "./real-agents.ts";
import { sessionOf } from "./session-of.ts";

/**
 * STREAM-5 for the session of an attempt: the fold of its AgentDO's stream, bodies fetched, equals what its own server says of it, but for the
 * exceptions of the recordings. Answers how many bodies were fetched. `home` and `turns` of one that goes on living: its folder, and how
 * many turns it has had.
 */
export async function equalsOwnAnswer(
	town: Watched,
	{ app, agents }: { app: Running; agents: Agents },
	attempt: { agent_id: string; attempt_id: string },
	{ home, turns }: { home: string; turns: number | null } = { home: attempt.attempt_id, turns: null },
): Promise<number> {
	const session = await sessionOf(town, attempt, turns);
	const ours = await folded(town.viewer, attempt.agent_id, session.id);
	const theirs = await ownAnswer(agents, {
		home: join(app.settings.state, "local/containers", town.id, "homes", home),
		...{ directory: session.directory, session: session.id },
	});
	expect(theirs.length).toBeGreaterThan(3);
	expect(except(ours.messages, theirs).messages).toEqual(theirs);
	return ours.bodies;
}
