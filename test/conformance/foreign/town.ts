import { env } from "cloudflare:workers";
import type { AgentDO, GastownUserDO, TownDO } from "./index.ts";

/** By its methods, all of which answer later: the generated stub types cannot carry rows of unknown shape. */
type Stub<Class extends abstract new (...args: never) => object> = Omit<InstanceType<Class>, "fetch"> &
	Pick<DurableObjectStub, "fetch">;

/** The objects of the other script, as the console's bindings reach them. */
export const foreignTown = (id: string) => env.TOWN.getByName(id) as unknown as Stub<typeof TownDO>;
export const foreignAgent = (id: string) => env.AGENT.getByName(id) as unknown as Stub<typeof AgentDO>;
export const foreignUser = (id: string) =>
	env.GASTOWN_USER.getByName(id) as unknown as Stub<typeof GastownUserDO>;

/** A town with one open bead, and its id. */
export async function newForeignTown() {
	const id = `foreign-${crypto.randomUUID().slice(0, 8)}`;
	const stub = foreignTown(id);
	await stub.create(id, "user/olive");
	await stub.createBead({ id: "bead-1", title: "Fix the leak" });
	return { id, stub };
}
