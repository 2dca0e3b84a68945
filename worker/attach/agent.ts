import type { Position, Question } from "../../shared/protocol/index.ts";
import type { AgentRpc, Page, QueryAnswer, Refusal } from "../rpc.ts";
import { type EventTable, GASTOWN_EVENTS } from "./heard.ts";
import { besideHost, type HostClass, type HostOf, refuseSameNames } from "./host-class.ts";
import { FOREIGN, HostStream } from "./host-stream.ts";

/** What the console asks of an agent that it does not run itself. */
export type AttachedAgentRpc = Pick<AgentRpc, "page" | "query">;

export type AgentOptions<Env> = {
	/** Whether this agent is one of the town's: asked once, with the first follow, since the object itself does not know (STREAM-7). */
	belongsTo(env: Env, town: string, agent: string): Promise<boolean>;
	/** Where its events are. */
	events?: EventTable;
	/** A secret of the deployment where prompts, code and output are hidden until they are revealed (SEC-4), else null. */
	hides?(env: Env): string | null;
	/** Epoch milliseconds. */
	clock?: () => number;
};

/**
 * An AgentDO whose stream can be followed, made of one that only stores rows (FEED-10): each row that is inserted becomes an event of
 * a stream as ours are, redacted, cut and stored in segments (STREAM-1 to STREAM-3), whatever the host prunes.
 * @example
 * export const AgentDO = liveAgent(GastownAgentDO, {
 * 	belongsTo: (env, town, agent) => env.TOWN.get(env.TOWN.idFromName(town)).ownsAgent(agent),
 * });
 */
export function liveAgent<C extends HostClass, Env = ConstructorParameters<C>[1]>(
	Host: C,
	{ belongsTo, events = GASTOWN_EVENTS, hides = () => null, clock = Date.now }: AgentOptions<Env>,
): C & (new (...args: ConstructorParameters<C>) => HostOf<C> & AttachedAgentRpc) {
	const { Base, of } = besideHost(
		Host,
		(ctx, env) =>
			new HostStream({
				...{ ctx, events, clock, salt: hides(env as Env) },
				isOf: async (stream, town) => {
					const { state } = stream;
					if (state.town !== null) return state.town === town;
					const agent = ctx.id.name ?? ctx.id.toString();
					return (await belongsTo(env as Env, town, agent)) && stream.claim(town, agent);
				},
			}),
	);

	class LiveAgent extends Base implements AttachedAgentRpc {
		async page(town: string, cursor: Position, bytes: number, revealed = false): Promise<Page> {
			const stream = of(this.ctx);
			return (await stream.isOf(town)) ? stream.page(cursor, bytes, revealed) : { reset: "epoch" };
		}

		async query(town: string, question: Question, revealed = false): Promise<QueryAnswer | Refusal> {
			const stream = of(this.ctx);
			return (await stream.isOf(town)) ? stream.query(question, revealed) : FOREIGN;
		}
	}

	refuseSameNames(Host, LiveAgent);
	return LiveAgent as never;
}
