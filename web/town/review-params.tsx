import { Input } from "@cloudflare/kumo/components/input";
import { isTerminal } from "../../shared/gastown/index.ts";
import { membersOf } from "../../shared/interventions/review-reading.ts";
import { beadTitle, blockersOf, rowsOf, shortId } from "../../shared/town-view/index.ts";
import { type Asked, useAction } from "./action-state.ts";
import { useOpenTown } from "./open-town.ts";
import { SelectField } from "./select-field.tsx";

/** Fields of what is done to reviews, convoys and blockers. */
export function ReviewParams({ asked }: { asked: Asked }) {
	switch (asked.name) {
		case "review.retry":
			return <RetryFields asked={asked} />;
		case "review.close":
		case "review.clear-queue":
			return (
				<Choice
					asked={asked}
					field="source"
					label="Its work"
					options={{ reopen: "is done again, on its branch", fail: "fails with it" }}
				/>
			);
		case "review.link-pr":
			return <UrlField asked={asked} />;
		case "convoy.close":
			return (
				<Choice
					asked={asked}
					field="members"
					label="Unfinished members"
					options={{ keep: "stay as they are", close: "are closed with it" }}
				/>
			);
		case "convoy.add-bead":
		case "convoy.drop-bead":
		case "bead.block":
		case "bead.unblock":
			return <BeadField asked={asked} />;
		default:
			return null;
	}
}

type ChoiceProps = { asked: Asked; field: string; label: string; options: Record<string, string> };

function Choice({ asked, field, label, options }: ChoiceProps) {
	const setParams = useAction((state) => state.setParams);
	return (
		<SelectField
			label={label}
			value={String(asked.params[field])}
			onValue={(value) => setParams({ ...asked.params, [field]: value })}
		>
			{Object.entries(options).map(([value, words]) => (
				<option key={value} value={value}>
					{words}
				</option>
			))}
		</SelectField>
	);
}

function RetryFields({ asked }: { asked: Asked }) {
	const setParams = useAction((state) => state.setParams);
	return (
		<div className="flex flex-col gap-2">
			<Choice
				asked={asked}
				field="at"
				label="Its place"
				options={{ head: "first in the queue", end: "behind those of its priority" }}
			/>
			<label className="flex items-center gap-2">
				<input
					type="checkbox"
					checked={asked.params.mended === true}
					onChange={(event) => setParams({ ...asked.params, mended: event.target.checked })}
				/>
				What it conflicted with was mended by hand
			</label>
		</div>
	);
}

function UrlField({ asked }: { asked: Asked }) {
	const setParams = useAction((state) => state.setParams);
	return (
		<Input
			size="sm"
			label="URL of the pull request"
			value={typeof asked.params.url === "string" ? asked.params.url : ""}
			onChange={(event) => setParams({ url: event.target.value })}
			autoComplete="off"
		/>
	);
}

/** Beads that may be meant: members to be dropped, blockers to be taken away, else unfinished work of the rig. */
function useCandidates({ name, target: { id } }: Asked): string[] {
	const { view, sight } = useOpenTown();
	if (name === "bead.unblock") return blockersOf(view, id).map((blocker) => blocker.id);
	const { beads, missing } = membersOf(id, sight.look);
	const members = [...beads.map(({ bead_id }) => bead_id), ...missing];
	if (name === "convoy.drop-bead") return members;
	const rig = view.tables.beads.get(id)?.rig_id ?? null;
	return rowsOf<"beads">(view.tables.beads, view.indexes.beadsByType.get("issue"))
		.filter((bead) => bead.rig_id === rig && !isTerminal(bead.status))
		.filter(({ bead_id }) => bead_id !== id && !members.includes(bead_id))
		.map(({ bead_id }) => bead_id);
}

function BeadField({ asked }: { asked: Asked }) {
	const { view } = useOpenTown();
	const setParams = useAction((state) => state.setParams);
	const field = asked.name.startsWith("bead.") ? "on" : "bead";
	const ids = useCandidates(asked);
	return (
		<SelectField
			label={asked.name === "bead.block" ? "It waits for" : "Bead"}
			value={String(asked.params[field] ?? "")}
			onValue={(value) => setParams({ [field]: value })}
		>
			<option value="">{ids.length === 0 ? "none there" : "choose one"}</option>
			{ids.map((id) => (
				<option key={id} value={id}>
					{beadTitle(view, id)} {shortId(id)}
				</option>
			))}
		</SelectField>
	);
}
