import { gitIn } from "../../local/forge/repository.ts";
import { nodeViewers, until } from "../../scripts/lib/node-viewer.ts";
import { expect, test } from "../support/app.ts";
import { realTown } from "../support/local-world.ts";

test("SCHED-2 REVIEW-1 CONTAINER-6: five beads, two of which conflict, go through polecats and the refinery to merged commits", async ({
	app,
}) => {
	test.setTimeout(180_000);
	const town = await realTown(app);
	const open = await nodeViewers(app.settings);
	const viewer = open(town.id);
	await until(viewer, "live", () => viewer.store.getState().connection.is === "live");
	const titles = [
		// Begun at the same time on the same line: whoever is merged second meets a conflict.
		"Change the first line for toast",
		"Change the first line for maple",
		"Add the toast helper",
		"Add the maple helper",
		"Add the cinder helper",
	];
	const beads = await town.beads(...titles);
	const rows = () => viewer.store.getState().view.tables;
	const status = (id: string) => rows().beads.get(id)?.status;
	await until(viewer, "all merged", () => beads.every((id) => status(id) === "closed"), 150_000).catch(
		(error: unknown) => {
			const shown = [...rows().beads.values()].map(
				({ title, status, dispatch_attempts, last_dispatch_error }) => ({
					title,
					status,
					dispatch_attempts,
					last_dispatch_error,
				}),
			);
			throw new Error(
				`${String(error)}\n${JSON.stringify({ shown, state: [...rows().town_state.values()] }, null, 1)}`,
			);
		},
	);

	const reviews = [...rows().review_metadata.values()];
	const commits = reviews.flatMap(({ merge_commit }) => (merge_commit === null ? [] : [merge_commit]));
	expect(commits).toHaveLength(5);
	for (const commit of commits)
		expect((await gitIn(town.bare, "merge-base", "--is-ancestor", commit, "main")).code).toBe(0);
	const log = await gitIn(town.bare, "log", "--format=%s", "main");
	for (const title of titles) expect(log.stdout.split("\n")).toContain(title);

	// The one that came second met a conflict, which is told, and mended on its own branch.
	expect(reviews.filter(({ merge_commit }) => merge_commit === null).length).toBeGreaterThan(0);
	const usage = [...rows().usage.values()];
	const used = new Set(usage.map(({ bead_id }) => bead_id));
	for (const id of beads) expect(used).toContain(id);
	expect(usage.every(({ cost }) => cost > 0)).toBe(true);
	viewer.close();
});

test("SCHED-2: what its owner asks the mayor for becomes a bead, and a merged commit", async ({ app }) => {
	const town = await realTown(app);
	const viewer = (await nodeViewers(app.settings))(town.id);
	await until(viewer, "live", () => viewer.store.getState().connection.is === "live");
	await town.client.gastown("sendMayorMessage", { message: "Please build the plum helper", actor: null });
	const made = () =>
		[...viewer.store.getState().view.tables.beads.values()].find(
			({ title }) => title === "Build the plum helper",
		);
	await until(viewer, "made", () => made() !== undefined, 20_000);
	await until(viewer, "merged", () => made()?.status === "closed", 40_000);
	const log = await gitIn(town.bare, "log", "--format=%s", "main");
	expect(log.stdout.split("\n")).toContain("Build the plum helper");
	viewer.close();
});
