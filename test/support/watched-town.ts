import { expect } from "@playwright/test";
import { gitIn } from "../../local/forge/repository.ts";
import { type NodeViewer, nodeViewers, until } from "../../scripts/lib/node-viewer.ts";
import type { Row, TOWN_TABLES } from "../../shared/gastown/index.ts";
import { test as base, type Running, startTestApp } from "./app.ts";
import { admin, type RealTown, realTown } from "./local-world.ts";

type Entity = keyof typeof TOWN_TABLES;
type Rows<E extends Entity> = Row<(typeof TOWN_TABLES)[E]>[];

/** A real town with a viewer of the console, who has seen it from its beginning. */
export type Watched = RealTown & {
	viewer: NodeViewer;
	/** As the page has them. */
	rows<E extends Entity>(entity: E): Rows<E>;
	/** Of a journal, as the page reads them back, oldest first. */
	journal<E extends Entity>(entity: E, where?: Record<string, string>): Promise<Rows<E>>;
	reach(what: string, is: () => boolean, seconds: number): Promise<void>;
	/** Lines of the container's log that the page has shown. */
	log: ReadonlySet<string>;
};
type Options = { thresholds?: object; config?: object; env?: Record<string, string> };

/** `app` is one of its own, without anybody else's troubles; `watch` makes a town whose container runs with these settings. */
export const test = base.extend<{ watch(options?: Options): Promise<Watched> }, { app: Running }>({
	app: [
		// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from a pattern
		async ({}, use) => {
			const app = await startTestApp([], [], { cancelMs: 0 });
			await use(app);
			await app.forget();
		},
		{ scope: "worker", timeout: 120_000 },
	],
	async watch({ app }, use) {
		const opened: NodeViewer[] = [];
		await use((options) => watched(app, opened, options));
		for (const viewer of opened) viewer.close();
	},
});

async function watched(
	app: Running,
	opened: NodeViewer[],
	{ thresholds = {}, config = {}, env = {} }: Options = {},
): Promise<Watched> {
	const town = await realTown(app, { thresholds, config });
	await admin(app, "container-env", { town: town.id, env });
	const viewer = (await nodeViewers(app.settings))(town.id);
	opened.push(viewer);
	const log = new Set<string>();
	viewer.store.subscribe(({ container }) => {
		for (const line of container?.log ?? []) log.add(line);
	});
	await until(viewer, "live", () => viewer.store.getState().connection.is === "live");
	const rows = <E extends Entity>(entity: E) =>
		[...viewer.store.getState().view.tables[entity].values()] as Rows<E>;
	return {
		...{ ...town, viewer, rows, log },
		async journal<E extends Entity>(entity: E, where: Record<string, string> = {}) {
			const read = await viewer.query({ kind: "journal", entity, where, before: null, limit: 500 });
			if (!read.ok) throw new Error(`${entity}: ${read.error.message}`);
			return (read.rows as Rows<E>).reverse();
		},
		reach: (what, is, seconds) =>
			until(viewer, what, is, seconds * 1_000).catch((error: unknown) => {
				const shown = ["beads", "dispatch_attempts", "container_events", "git_operations"] as const;
				throw new Error(
					`${String(error)}\n${shown.map((name) => `${name}: ${JSON.stringify(rows(name))}`).join("\n")}`,
				);
			}),
	};
}

/** Work that is in a quiet place for some seconds, after its clone and before its push. */
export const quiet = (seconds: number, name: string): string => `A quiet build of ${seconds} s for ${name}`;

/** Makes the bead and waits until its agent is in the middle of its quiet place. */
export async function atWork(
	town: Watched,
	title: string,
): Promise<{ bead: string; agent: string; pgid: number }> {
	const [bead = ""] = await town.beads(title);
	const runs = () =>
		town
			.rows("agent_metadata")
			.find((agent) => agent.current_hook_bead_id === bead && agent.container_process_id);
	await town.reach("at work", () => runs() !== undefined, 20);
	const agent = runs()?.bead_id ?? "";
	// Its own look around and the first words of its model.
	await new Promise((resolve) => setTimeout(resolve, 700));
	const pgid = town.groups().find((group) => group.agent_id === agent)?.pgid ?? 0;
	expect(pgid).toBeGreaterThan(0);
	return { bead, agent, pgid };
}

/** Its work is on the target, once; each start and end of its agents is told once. */
export async function mergedOnce(town: Watched, bead: string, title: string, seconds: number): Promise<void> {
	const status = () => town.rows("beads").find(({ bead_id }) => bead_id === bead)?.status;
	await town.reach("merged", () => status() === "closed", seconds);
	const log = await gitIn(town.bare, "log", "--format=%s", "main");
	const subjects = log.stdout.split("\n");
	expect(subjects.filter((subject) => subject === title)).toHaveLength(1);
	expect(subjects.filter((subject) => subject.startsWith("Merge ") && subject.includes(title))).toHaveLength(
		1,
	);
	const commits = town.rows("review_metadata").flatMap(({ merge_commit }) => merge_commit ?? []);
	expect(commits).toHaveLength(1);
	const contained = await gitIn(town.bare, "merge-base", "--is-ancestor", commits[0] ?? "", "main");
	expect(contained.code).toBe(0);

	const history = await town.journal("bead_events", { bead_id: bead });
	const told = (type: string) => history.filter(({ event_type }) => event_type === type).length;
	expect(told("closed")).toBe(1);
	expect(told("review_submitted")).toBe(1);
	const attempts = await town.journal("dispatch_attempts", { bead_id: bead });
	expect(told("agent_spawned")).toBeLessThanOrEqual(attempts.length);
	expect(told("agent_exited")).toBeLessThanOrEqual(attempts.length);
	const git = await town.journal("git_operations");
	const pushes = git.filter(({ operation, outcome }) => operation === "push" && outcome === "ok");
	// The branch by its author, the target by the refinery.
	expect(pushes).toHaveLength(2);
}
