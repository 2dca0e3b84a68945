import { DurableObject } from "cloudflare:workers";
import { type Table, TOWN_TABLES } from "../../../shared/gastown/index.ts";
import { conform } from "../kit/run.ts";
import type { Statement, Subject } from "../kit/subject.ts";
import { openLine } from "../support/line.ts";

type Rows = Record<string, unknown>[][];
/** `exec` where the town has a method of its own for any SQL: what it writes has the cause of a call. */
type TownStub = Pick<DurableObjectStub, "fetch"> & {
	exec(...statements: Statement[]): Promise<Rows>;
	kitExec(statements: Statement[]): Promise<Rows>;
};
/** What an agent's class may have: Gastown's own way in, and the console's question. */
type AgentStub = Pick<DurableObjectStub, "fetch"> & {
	appendEvent(type: string, properties: unknown): Promise<unknown>;
	query(town: string, question: object): Promise<unknown>;
};

type Class = new (ctx: DurableObjectState, env: never) => DurableObject<never>;
/** What a module that is checked exports. */
type Given = { TownDO: Class; AgentDO?: Class; tables?: Readonly<Record<string, Table>> };
type HarnessEnv = { TOWN: DurableObjectNamespace; AGENT: DurableObjectNamespace };

/** A worker of the module's objects with the kit beside them; any request runs it. */
export function harness({ TownDO, AgentDO, tables = TOWN_TABLES }: Given) {
	const own = "exec" in TownDO.prototype;
	class Town extends TownDO {
		/** The kit writes as the town's own code does, in one turn. */
		async kitExec(statements: Statement[]): Promise<Rows> {
			return statements.map(([sql, ...bindings]) => this.ctx.storage.sql.exec(sql, ...bindings).toArray());
		}

		/** The module's agent belongs to it. */
		async ownsAgent(): Promise<boolean> {
			return true;
		}
	}
	class NoAgent extends DurableObject {}

	const handler = {
		async fetch(_: Request, env: HarnessEnv): Promise<Response> {
			const town = env.TOWN.getByName("kit") as unknown as TownStub;
			const agent = env.AGENT.getByName("agent") as unknown as AgentStub;
			const stream = {
				open: (subscriber: string) => openLine(agent, subscriber),
				emit: (type: string, properties: unknown) => agent.appendEvent(type, properties),
				body: (ref: string, piece: number) =>
					agent.query("kit", { kind: "body", agent: "agent", ref, piece }),
			};
			const subject: Subject = {
				tables,
				open: (subscriber) => openLine(town, subscriber),
				exec: (...statements) => (own ? town.exec(...statements) : town.kitExec(statements)),
				causes: own,
				...(AgentDO && { stream }),
			};
			return Response.json(await conform(subject));
		},
	};
	return { Town, Agent: AgentDO ?? NoAgent, handler };
}
