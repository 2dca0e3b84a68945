import { expect } from "@playwright/test";
import { CATALOGUE } from "../../shared/interventions/index.ts";
import type { LedgerEntry } from "../../shared/protocol/index.ts";
import { lookupOf } from "../../shared/town-view/index.ts";
import type { Watched } from "./watched-town.ts";

const REASON = "Case 4711";

/** Its entries in the ledger, as the page has them. */
const entriesOf = ({ viewer }: Watched, id: string): LedgerEntry[] =>
	viewer.store.getState().ledger.filter((entry) => entry.id === id);

/** Presses a button as the page does, with what it sees now; gives the intervention's id. */
async function propose(
	{ viewer }: Watched,
	name: string,
	target: string,
	given: Record<string, unknown>,
	secret?: string,
): Promise<string> {
	const entry = CATALOGUE[name];
	if (!entry) throw new Error(`no entry ${name}`);
	const look = lookupOf(viewer.store.getState().view);
	const params = entry.params.parse(given);
	expect(entry.precondition(target, params, look), name).toEqual({ ok: true });
	const saw = entry.saw(target, params, look);
	const result = await viewer.propose({
		...{ name, target, params, saw, reason: REASON, finding: null },
		...(secret !== undefined && { secret }),
	});
	expect(result, name).toMatchObject({ ok: true });
	return result.intervention;
}

/**
 * Presses a button and waits until its effect was seen: the ledger has intent, outcome and proof, and the batch of changes
 * that applied it bears its id (LEDGER-1, LEDGER-6, LEDGER-8). Gives that id, which everything that it brings about is to bear.
 */
export async function press(
	town: Watched,
	name: string,
	target: string,
	given: Record<string, unknown> = {},
	/** Longest until its effect was seen. */
	seconds = 60,
	secret?: string,
): Promise<string> {
	const { viewer } = town;
	const id = await propose(town, name, target, given, secret);
	const told = async (step: string, seconds: number): Promise<LedgerEntry | undefined> => {
		const entry = () => entriesOf(town, id).find((one) => one.step === step);
		await town.reach(`${step} of ${name}`, () => entry() !== undefined, seconds);
		return entry();
	};
	// After the seconds in which it can be cancelled (LEDGER-7).
	expect((await told("outcome", 20))?.body, name).toMatchObject({ outcome: "applied", message: null });
	expect((await told("proof", seconds))?.body, name).toMatchObject({ seen: true, missing: [] });
	const admin = viewer.store.getState().identity?.admin;
	expect(entriesOf(town, id)[0]).toMatchObject({
		...{ step: "intent", admin, body: { name, target, reason: REASON } },
	});
	const cause = { kind: "intervention", what: name, id, by: admin?.id };
	// What the ledger says and what the feed brings may come in either order.
	const causes = () =>
		viewer.store.getState().batches.flatMap((batch) => (batch.cause?.id === id ? [batch.cause] : []));
	await town.reach(`a change because of ${name}`, () => causes().length > 0, 10);
	expect(causes()).toContainEqual(cause);
	return id;
}

/** Presses a button that the town is to refuse; gives its words. */
export async function refusal(
	town: Watched,
	name: string,
	target: string,
	given: Record<string, unknown> = {},
	secret?: string,
): Promise<string> {
	const id = await propose(town, name, target, given, secret);
	const outcome = () => entriesOf(town, id).find(({ step }) => step === "outcome")?.body;
	await town.reach(`outcome of ${name}`, () => outcome() !== undefined, 20);
	expect(outcome(), name).toMatchObject({ outcome: "refused" });
	return String(outcome()?.message);
}

/** A line of the container's log bears the id of what caused it. */
export const logged = (town: Watched, what: RegExp, id: string): Promise<void> =>
	expect
		.poll(() => [...town.log].filter((line) => what.test(line) && line.includes(`[${id}]`)), {
			message: `${what} ${id} in the container's log`,
			timeout: 5_000,
		})
		.not.toEqual([]);
