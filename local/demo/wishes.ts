import { wait } from "../../container/wait.ts";
import { Refused } from "../played/ingest-client.ts";
import type { LivingTown } from "./real-town.ts";

const THINGS = [
	"voucher", "shipping", "invoice", "stock", "refund", "parcel", "basket", "price", "tax", "receipt", "supplier", "opening hours",
	"newsletter", "address", "gift card", "warehouse",
]; // biome-ignore format: a list

/** Owners keep wishing for things, as long as fewer than `atMost` are unfinished. */
export async function wishes(
	town: LivingTown,
	{ rig, everyMs, atMost }: { rig: string; everyMs: number; atMost: number },
): Promise<void> {
	const { signal, say } = town.world;
	for (let n = Math.floor(Date.now() / everyMs) % 1_000; !signal.aborted; n++) {
		await wish(town, rig, n, atMost).catch((error: unknown) => {
			if (signal.aborted) return;
			if (!(error instanceof Refused)) throw error;
			say(`${town.id}: ${error.message}`);
		});
		await wait(everyMs, signal).catch(() => undefined);
	}
}

async function wish(town: LivingTown, rig: string, n: number, atMost: number): Promise<void> {
	type Listed = { beads: { status: string }[] };
	const { beads } = await town.client.gastown<"listBeads", Listed>("listBeads", {
		type: "issue",
		rig_id: town.rigId(rig),
	});
	if (beads.filter(({ status }) => !["closed", "failed"].includes(status)).length >= atMost) return;
	await town.client.gastown("createBead", {
		...{
			title: `Add the ${THINGS[n % THINGS.length]} helper ${n}`,
			rig_id: town.rigId(rig),
			created_by: town.owner,
		},
		...{
			body: "A small helper with a test, in files of its own.",
			priority: n % 4 === 0 ? "high" : "medium",
		},
	});
}
