import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import {
	METHODS, type Method, type MethodInput, REPORTS, type ReportInput, type ReportKind,
} from "../../../shared/ingest/index.ts"; // biome-ignore format: a list
import type { Called } from "../../../worker/rpc.ts";
import { townStub } from "../../../worker/stubs.ts";
import type { TownDO } from "../../../worker/town-do.ts";

export const CAUSE = { kind: "user", what: "test", id: null, by: "user/test" };

/** A town of its own for a test: calls go through the schemas, as over HTTP. */
export function townOf(id: string) {
	const stub = townStub(env, id);
	const town = {
		id,
		stub,
		async call<M extends Method>(method: M, args: MethodInput<M>): Promise<Called> {
			const parsed = METHODS[method].parse(args);
			return stub.gastown(method, parsed as never, { ...CAUSE, what: method });
		},
		/** The value of a call that must succeed. */
		async must<V = { bead_id: string }, M extends Method = Method>(
			method: M,
			args: MethodInput<M>,
		): Promise<V> {
			const called = await town.call(method, args);
			if (!called.ok) throw new Error(`${method}: ${called.code} ${called.message}`);
			return called.value as V;
		},
		async report<K extends ReportKind>(kind: K, report: ReportInput<K>): Promise<Called> {
			const parsed = REPORTS[kind].parse(report);
			return stub.ingest(kind, parsed as never, { ...CAUSE, kind: "container", what: kind });
		},
		async row(entity: string, key: string): Promise<Record<string, unknown>> {
			const [row] = await stub.rows([{ entity, key }]);
			if (!row) throw new Error(`no row ${entity}/${key}`);
			return row;
		},
		/** Journal rows, newest first. */
		async journal(entity: string, where: Record<string, string | null> = {}) {
			const answer = await stub.query({ kind: "journal", entity, where, before: null, limit: 500 });
			if ("ok" in answer) throw new Error(answer.message);
			return answer.rows as Record<string, unknown>[];
		},
		/** Runs inside the object, e.g. to move its clock or to read storage. */
		inside: <T>(fn: (instance: TownDO, state: DurableObjectState) => T | Promise<T>): Promise<T> =>
			runInDurableObject(env.TOWN.getByName(id), fn as never) as Promise<T>,
		setClock: (ms: number) =>
			town.inside((instance) => {
				instance.clock = () => ms;
			}),
	};
	return town;
}

/** A town with one rig, one polecat and one open bead; its clock stands at `now` where that is given. */
export async function workingTown(id: string, now?: number) {
	const town = townOf(id);
	if (now !== undefined) await town.setClock(now);
	await town.must("createTown", { name: "Test town", owner_type: "user", owner_id: "user/owner:1" });
	await town.must("createRig", { id: "rig-1", name: "web", git_url: "https://example.test/web.git" });
	// Streams belong to one town: ids of agents differ from town to town.
	const toast = `${id}/toast`;
	await town.must("createAgent", { id: toast, role: "polecat", name: "Toast", rig_id: "rig-1" });
	await town.must("createBead", { id: "bead-1", title: "Fix the door", rig_id: "rig-1" });
	return { ...town, toast };
}
export type TestTown = Awaited<ReturnType<typeof workingTown>>;

export type Attempt = { attempt_id: string; n: number };

/** Hooks the bead and starts its agent; answers the attempt. */
export const dispatched = async (town: TestTown, agent = town.toast, bead = "bead-1") => {
	await town.must("hookBead", { agent_id: agent, bead_id: bead });
	const attempt = await town.must<Attempt>("startDispatch", { agent_id: agent });
	await town.must("dispatchOutcome", {
		attempt_id: attempt.attempt_id,
		outcome: "started",
		process_id: "4711",
	});
	return attempt.attempt_id;
};
/** Of an agent, oldest first. */
export const statuses = async (town: TestTown, agent: string) =>
	(await town.journal("agent_status_log", { agent_id: agent })).map((row) => row.to_status).reverse();
/** Types of a bead's events, oldest first. */
export const history = async (town: TestTown, bead: string) =>
	(await town.journal("bead_events", { bead_id: bead })).map((row) => row.event_type).reverse();
