import { z } from "zod";
import { isTerminal } from "../gastown/index.ts";
import type { CatalogueEntry, Lookup, Verdict } from "./catalogue-entry.ts";
import { rowIs } from "./effects.ts";
import {
	isHeldBead,
	noop,
	OK,
	refused,
	sessionsOn,
	statusWord,
	titleOfBead,
	unblockedBy,
} from "./reading.ts";

const blocker = z.object({ on: z.string().min(1, "Choose a bead.").max(200) });
type Blocker = z.infer<typeof blocker>;

const dependency = (id: string, on: string, look: Lookup) =>
	look.dependenciesOf(id).find(({ depends_on_bead_id }) => depends_on_bead_id === on);
const key = (id: string, on: string) => JSON.stringify([id, on]);

const saw = (id: string, { on }: Blocker, look: Lookup) => ({
	status: look.bead(id)?.status ?? null,
	dependency: dependency(id, on, look)?.dependency_type ?? null,
	blocker_status: look.bead(on)?.status ?? null,
});

/** Whether `from` waits for `to`, directly or through others. */
export function waitsFor(from: string, to: string, look: Lookup, seen = new Set<string>()): boolean {
	if (from === to) return true;
	if (seen.has(from)) return false;
	seen.add(from);
	return look
		.dependenciesOf(from)
		.some(
			({ dependency_type, depends_on_bead_id }) =>
				dependency_type === "blocks" && waitsFor(depends_on_bead_id, to, look, seen),
		);
}

const beadBlock: CatalogueEntry<Blocker> = {
	name: "bead.block",
	target: "bead",
	params: blocker,
	title: "Block",
	draft: { on: "" },
	label: (id, { on }, look) =>
		on ? `Let ${titleOfBead(id, look)} wait for ${titleOfBead(on, look)}` : `Block ${titleOfBead(id, look)}`,
	saw,
	precondition: mayBlock,
	danger: () => "safe",
	preview: (id, { on }, look) => ({
		will: on === "" ? [] : [`Start ${titleOfBead(id, look)} only when ${titleOfBead(on, look)} is closed.`],
		wont: sessionsOn(id, look).length > 0 ? ["Stop the agent that works on it now."] : [],
	}),
	effects: (id, { on }, look) => [
		rowIs(`${titleOfBead(id, look)} waits for ${titleOfBead(on, look)}`, "bead_dependencies", key(id, on), {
			dependency_type: "blocks",
		}),
	],
	outside: () => [],
	undo: (_, { on }) => ({ name: "bead.unblock", params: { on } }),
	next: "bead.unblock",
	within: 10_000,
};

function mayBlock(id: string, { on }: Blocker, look: Lookup): Verdict {
	const bead = look.bead(id);
	if (!bead) return refused("gone", "This bead does not exist any more.");
	if (bead.type === "agent" || bead.type === "convoy")
		return refused("wrong-type", `A bead of type "${bead.type}" waits for nothing.`);
	if (isTerminal(bead.status))
		return refused("ended", `It is ${statusWord(bead.status)}: nothing is left to hold.`);
	// Nothing chosen yet: the field says what is missing.
	if (on === "") return OK;
	const other = look.bead(on);
	if (!other) return refused("no-bead", "The chosen bead does not exist any more.");
	if (other.type === "agent") return refused("wrong-type", "An agent is no work to wait for.");
	const there = dependency(id, on, look)?.dependency_type;
	if (there === "blocks") return noop("blocked", `It waits for ${titleOfBead(on, look)} already.`);
	if (there) return refused("depends", `It stands to ${titleOfBead(on, look)} as "${there}" already.`);
	if (other.status === "closed")
		return noop("closed", `${titleOfBead(on, look)} is closed and would hold nothing.`);
	return waitsFor(on, id, look)
		? refused("cycle", `${titleOfBead(on, look)} waits for it: neither could ever start.`)
		: OK;
}

const starts = (id: string, on: string, look: Lookup): boolean => {
	const bead = look.bead(id);
	return (
		bead?.status === "open" &&
		!isHeldBead(bead) &&
		look.bead(on)?.status !== "closed" &&
		unblockedBy(on, look).some(({ bead_id }) => bead_id === id)
	);
};

const beadUnblock: CatalogueEntry<Blocker> = {
	name: "bead.unblock",
	target: "bead",
	params: blocker,
	title: "Unblock",
	draft: { on: "" },
	label: (id, { on }, look) =>
		on
			? `Let ${titleOfBead(id, look)} wait for ${titleOfBead(on, look)} no longer`
			: `Unblock ${titleOfBead(id, look)}`,
	saw,
	precondition(id, { on }, look) {
		if (!look.bead(id)) return refused("gone", "This bead does not exist any more.");
		if (on === "" && look.dependenciesOf(id).some(({ dependency_type }) => dependency_type === "blocks"))
			return OK;
		if (on === "") return noop("not-blocked", "It waits for no other bead.");
		return dependency(id, on, look)?.dependency_type === "blocks"
			? OK
			: noop("not-blocked", `It does not wait for ${titleOfBead(on, look)}.`);
	},
	danger: (id, { on }, look) => (starts(id, on, look) ? "disruptive" : "safe"),
	preview(id, { on }, look) {
		if (on === "") return { will: [], wont: [] };
		return {
			will: [
				`Let ${titleOfBead(id, look)} start without ${titleOfBead(on, look)}.`,
				...(starts(id, on, look) ? ["Have it dispatched when an agent is free, which spends money."] : []),
			],
			wont: [`Change ${titleOfBead(on, look)}: what was to come first may be missing.`],
		};
	},
	effects: (id, { on }, look) => [
		{
			...rowIs(
				`${titleOfBead(id, look)} waits for ${titleOfBead(on, look)} no longer`,
				"bead_dependencies",
				key(id, on),
				{},
			),
			is: "gone",
		},
	],
	outside: () => [],
	undo: (id, { on }, look) => {
		const back = look.bead(on)?.status !== "closed" && !isTerminal(look.bead(id)?.status ?? "closed");
		return back && look.bead(on) !== undefined && !waitsFor(on, id, look)
			? { name: "bead.block", params: { on } }
			: null;
	},
	next: "bead.block",
	within: 10_000,
};

export const BEAD_DEPENDENCY = [beadBlock, beadUnblock];
