import { z } from "zod";
import { isTerminal } from "../gastown/index.ts";
import { metadataOf } from "../town-view/readers.ts";
import type { CatalogueEntry, Lookup, Verdict } from "./catalogue-entry.ts";
import { lands, landsSoon, needConvoy, sawConvoy } from "./convoy.ts";
import { rowIs } from "./effects.ts";
import { noop, OK, refused, statusWord, titleOfBead } from "./reading.ts";
import { membersOf } from "./review-reading.ts";

const member = z.object({ bead: z.string().min(1, "Choose a bead.").max(200) });
type Member = z.infer<typeof member>;

const tracks = (convoy: string, bead: string, look: Lookup): boolean =>
	look
		.dependenciesOf(bead)
		.some(
			({ depends_on_bead_id, dependency_type }) =>
				depends_on_bead_id === convoy && dependency_type === "tracks",
		);

const after = (id: string, bead: string, look: Lookup) =>
	membersOf(id, look).beads.filter(({ bead_id }) => bead_id !== bead);
const key = (convoy: string, bead: string) => JSON.stringify([bead, convoy]);

const convoyAddBead: CatalogueEntry<Member> = {
	name: "convoy.add-bead",
	target: "bead",
	params: member,
	title: "Add a bead to",
	draft: { bead: "" },
	label: (id, _, look) => `Add a bead to ${titleOfBead(id, look)}`,
	saw: sawConvoy,
	precondition: mayAdd,
	danger: (id, { bead }, look) => {
		const added = look.bead(bead);
		return added && lands(id, [...after(id, bead, look), added], look) ? "disruptive" : "safe";
	},
	preview(id, { bead }, look) {
		if (bead === "") return { will: [], wont: [] };
		const convoy = look.convoy(id);
		const whole = convoy?.merge_mode === "review-then-land";
		return {
			will: [
				`Count ${titleOfBead(bead, look)} in it.`,
				...(whole
					? [`Merge its work into ${convoy.feature_branch ?? "the feature branch"} from its next review on.`]
					: []),
				...(convoy?.staged === 1 ? ["Hold it until the convoy is started."] : []),
			],
			wont: ["Change where a merge request that is there already goes."],
		};
	},
	effects: (id, { bead }, look) => [
		rowIs(`${titleOfBead(bead, look)} belongs to it`, "bead_dependencies", key(id, bead), {
			dependency_type: "tracks",
		}),
	],
	outside: () => [],
	undo: (id, { bead }, look) =>
		look.convoy(id)?.ready_to_land === 0 ? { name: "convoy.drop-bead", params: { bead } } : null,
	next: "convoy.drop-bead",
	within: 10_000,
};

function mayAdd(id: string, { bead: added }: Member, look: Lookup): Verdict {
	const found = needConvoy(id, "add", look);
	if (!found.ok) return found;
	// Nothing chosen yet: the field says what is missing.
	if (added === "") return OK;
	const bead = look.bead(added);
	if (!bead) return refused("no-bead", "The chosen bead does not exist any more.");
	if (tracks(id, added, look)) return noop("member", "It belongs to this convoy already.");
	if (["agent", "convoy", "merge_request"].includes(bead.type))
		return refused("wrong-type", `A bead of type "${bead.type}" is no member of a convoy.`);
	const other = look.dependenciesOf(added).find(({ depends_on_bead_id }) => depends_on_bead_id === id);
	if (other) return refused("depends", `It stands to this convoy as "${other.dependency_type}" already.`);
	const elsewhere = metadataOf(bead).convoy_id;
	if (typeof elsewhere === "string")
		return refused("elsewhere", `It belongs to convoy ${titleOfBead(elsewhere, look)}. Drop it there first.`);
	if (bead.status === "failed")
		return refused("failed", "It has failed and would keep the convoy from landing.");
	return bead.rig_id === found.bead.rig_id ? OK : refused("wrong-rig", "It is of another rig.");
}

const convoyDropBead: CatalogueEntry<Member> = {
	name: "convoy.drop-bead",
	target: "bead",
	params: member,
	title: "Drop a bead from",
	draft: { bead: "" },
	label: (id, { bead }, look) =>
		bead
			? `Drop ${titleOfBead(bead, look)} from ${titleOfBead(id, look)}`
			: `Drop a bead from ${titleOfBead(id, look)}`,
	saw: sawConvoy,
	precondition(id, { bead }, look) {
		const found = needConvoy(id, "remove", look);
		if (!found.ok) return found;
		return bead === "" || tracks(id, bead, look)
			? OK
			: noop("no-member", "It does not belong to this convoy.");
	},
	danger: (id, { bead }, look) => (lands(id, after(id, bead, look), look) ? "disruptive" : "safe"),
	preview(id, { bead }, look) {
		if (bead === "") return { will: [], wont: [] };
		const dropped = look.bead(bead);
		const going = dropped && !isTerminal(dropped.status);
		return {
			will: [
				`Count ${titleOfBead(bead, look)} in it no longer.`,
				...(lands(id, after(id, bead, look), look) ? [landsSoon(id, look)] : []),
			],
			wont: going ? [`End ${titleOfBead(bead, look)}, which stays ${statusWord(dropped.status)}.`] : [],
		};
	},
	effects: (id, { bead }, look) => [
		{
			...rowIs(`${titleOfBead(bead, look)} belongs to it no longer`, "bead_dependencies", key(id, bead), {}),
			is: "gone",
		},
	],
	outside: () => [],
	undo(id, { bead }, look) {
		const dropped = look.bead(bead);
		const was = dropped && metadataOf(dropped).convoy_id === id && dropped.status !== "failed";
		const free = look.convoy(id)?.ready_to_land === 0 && !lands(id, after(id, bead, look), look);
		return was && free ? { name: "convoy.add-bead", params: { bead } } : null;
	},
	next: "convoy.add-bead",
	within: 10_000,
};

export const CONVOY_MEMBERS = [convoyAddBead, convoyDropBead];
