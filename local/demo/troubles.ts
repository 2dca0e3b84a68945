import { randomUUID } from "node:crypto";
import { wait } from "../../container/wait.ts";
import { Refused } from "../played/ingest-client.ts";
import type { LivingTown } from "./real-town.ts";

/** One after another, each for real, in turn. */
const EVERY_MS = 75_000;
const FIRST_MS = 3_000;

type Trouble = (town: LivingTown) => Promise<unknown>;

/** Its model hangs in the middle of a task: alive, silent, until somebody ends it. */
const hangs: Trouble = async (town) => {
	const title = `Untangle the checkout ${randomUUID().slice(0, 4)}`;
	town.world.model.faults.add({ match: { title }, delay_ms: 3_600_000 });
	await bead(town, "storefront", title);
};

/** No token covers this repository: every start fails with the same words, until it has failed for good. */
const uncovered: Trouble = async (town) => {
	const id = await bead(town, "archive", "Clean up the archive");
	const waiting = await bead(town, "archive", "Publish the archive");
	await town.client.gastown("addDependency", { bead_id: waiting, depends_on_bead_id: id });
};

/** Two of them change the same line: the second to be merged conflicts. */
const conflicts: Trouble = async (town) => {
	await bead(town, "storefront", "Change the first line for the season");
	await bead(town, "storefront", "Change the first line for the holidays");
};

/** The mayor's model refuses it: a bad key. */
const refusedMayor: Trouble = async (town) => {
	town.world.model.faults.add({ match: { role: "mayor" }, status: 401, times: 3 });
	await town.client.gastown("sendMayorMessage", { message: "How do things stand?", actor: town.owner });
};

/** An agent's process crashes in the middle of its work, again and again. */
const crashes: Trouble = (town) => bead(town, "storefront", "Crash yourself");

/** An agent wants to remove something, and asks. */
const asks: Trouble = (town) => bead(town, "storefront", "Clean the build");

/** The installation is removed, and put back some minutes later. */
const revoked: Trouble = async (town) => {
	const { tokens, signal } = town.world;
	const id = town.integrationId("storefront");
	tokens.put({ id, revoked: true });
	tokens.revokeTokens(id);
	await wait(3 * 60_000, signal).catch(() => undefined);
	tokens.put({ id, revoked: false });
};

/** The container's process is killed. */
const killed: Trouble = (town) => town.world.platform.stop(town.id, "kill");

const TROUBLES: readonly Trouble[] = [
	hangs,
	uncovered,
	conflicts,
	asks,
	refusedMayor,
	killed,
	crashes,
	revoked,
];

export async function troubles(town: LivingTown): Promise<void> {
	const { signal, say, tokens } = town.world;
	// Left over from a run that was broken off.
	tokens.put({ id: town.integrationId("storefront"), revoked: false });
	await wait(FIRST_MS, signal).catch(() => undefined);
	for (let n = 0; !signal.aborted; n++) {
		const trouble = TROUBLES[n % TROUBLES.length] as Trouble;
		await trouble(town).catch((error: unknown) => {
			if (signal.aborted) return;
			if (!(error instanceof Refused)) throw error;
			say(`${town.id}: ${error.message}`);
		});
		await wait(EVERY_MS, signal).catch(() => undefined);
	}
}

async function bead(town: LivingTown, rig: string, title: string): Promise<string> {
	const { bead_id } = await town.client.gastown<"createBead", { bead_id: string }>("createBead", {
		...{ title, rig_id: town.rigId(rig), created_by: town.owner, priority: "high" },
	});
	return bead_id;
}
