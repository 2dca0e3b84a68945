import type { AgentRpc, OwnerRpc, SessionRpc, TownContainerRpc, TownRpc } from "./rpc.ts";

/** A Durable Object reached by its contract: the generated stub types cannot carry rows of unknown shape. */
type Stub<Rpc> = Rpc & Pick<DurableObjectStub, "fetch">;

export const townStub = (env: Env, town: string): Stub<TownRpc> =>
	env.TOWN.getByName(town) as unknown as Stub<TownRpc>;

export const sessionStub = (env: Env, town: string): Stub<SessionRpc> =>
	env.ADMIN_SESSION.getByName(town) as unknown as Stub<SessionRpc>;

export const agentStub = (env: Env, agent: string): Stub<AgentRpc> =>
	env.AGENT.getByName(agent) as unknown as Stub<AgentRpc>;

export const containerStub = (env: Env, town: string): Stub<TownContainerRpc> =>
	env.TOWN_CONTAINER.getByName(town) as unknown as Stub<TownContainerRpc>;

/** The object that lists the towns of a user or an organisation. */
export const ownerStub = (env: Env, owner: { type: string; id: string }): Stub<OwnerRpc> =>
	(owner.type === "org" ? env.GASTOWN_ORG : env.GASTOWN_USER).getByName(
		owner.id,
	) as unknown as Stub<OwnerRpc>;
