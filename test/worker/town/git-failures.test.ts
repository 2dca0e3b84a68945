import { expect, test } from "vitest";
import type { TownStateValue } from "../../../shared/gastown/index.ts";
import { type TestTown, workingTown } from "./support.ts";

const failuresOf = async (town: TestTown) =>
	(await town.row("town_state", "git_failures")).value as TownStateValue<"git_failures">;

type Report = Parameters<TestTown["report"]>[1];
const git = (town: TestTown, report: Record<string, unknown>) =>
	town.report("git-operations", {
		...{ rig_id: "rig-1", operation: "push", command: "git", outcome: "denied", duration_ms: 1 },
		...report,
	} as Report & { operation: "push" } as never);

test("DIAG-1: what git could not do is kept as a fact of the town until it has done it", async () => {
	const town = await workingTown("git-failures");
	await git(town, { bead_id: "bead-1", stderr: "remote: Permission denied" });
	await git(town, { bead_id: "bead-1", stderr: "remote: Permission denied" });
	await git(town, { operation: "clone", outcome: "failed", stderr: "fatal: repository not found" });
	expect(await failuresOf(town)).toMatchObject([
		{
			operation: "push",
			outcome: "denied",
			bead_id: "bead-1",
			times: 2,
			stderr: "remote: Permission denied",
		},
		{ operation: "clone", outcome: "failed", bead_id: null, times: 1 },
	]);
	await git(town, { operation: "fetch", outcome: "ok" });
	expect((await failuresOf(town)).map(({ operation }) => operation)).toEqual(["push"]);
	// Another bead's push goes through: the token may push again.
	await git(town, { bead_id: "other", outcome: "ok" });
	expect(await failuresOf(town)).toEqual([]);
});

test("DIAG-1: the files of a conflict are kept with the merge request", async () => {
	const town = await workingTown("git-conflict");
	await town.must("hookBead", { agent_id: town.toast, bead_id: "bead-1" });
	await town.must("startDispatch", { agent_id: town.toast });
	const { merge_request_id: mr } = await town.must<{ merge_request_id: string }>("agentDone", {
		...{ agent_id: town.toast, branch: "fix", summary: "" },
	});
	const stderr = "Auto-merging src/cart.js\nCONFLICT (content): Merge conflict in src/cart.js";
	await git(town, { operation: "merge", outcome: "conflict", bead_id: mr, stderr });
	expect((await town.row("review_metadata", mr)).conflict_files).toEqual(["src/cart.js"]);
});
