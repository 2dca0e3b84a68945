import type { TestTown } from "./test-town.ts";

export const PRIORITIES = ["low", "medium", "high", "critical"] as const;

/** Makes so many changes, all of which the town accepts: nine of ten re-sort one of `beads`, the tenth ends one. */
export async function stir(town: TestTown, beads: readonly string[], changes: number): Promise<void> {
	const priorities = new Map(beads.map((bead) => [bead, 1]));
	let turn = 0;
	const change = (n: number) => {
		let bead_id: string;
		do bead_id = beads[(turn++ * 37) % beads.length] ?? "";
		while (!priorities.has(bead_id));
		if (n % 10 === 9) {
			priorities.delete(bead_id);
			return town.client.gastown("closeBead", { bead_id });
		}
		const to = ((priorities.get(bead_id) ?? 0) + 1 + (n % 3)) % 4;
		priorities.set(bead_id, to);
		return town.client.gastown("updateBead", { bead_id, fields: { priority: PRIORITIES[to] } });
	};
	for (let n = 0; n < changes; n += 10)
		await Promise.all(Array.from({ length: 10 }, (_, m) => change(n + m)));
}
