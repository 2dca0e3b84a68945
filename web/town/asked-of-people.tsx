import { useMemo } from "react";
import { ActionButton, Duration, plural } from "../ui/index.ts";
import { type AskedRow, escalationRows, triageRows } from "./asked-rows.ts";
import { useOpenTown } from "./open-town.ts";
import { SubjectLink } from "./subject-link.tsx";
import { useAct } from "./use-act.ts";

/** What the town and its agents ask of somebody: escalations and triage requests, above the beads; nothing where there are none. */
export function AskedOfPeople() {
	const { view, version } = useOpenTown();
	// biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place; its version tells
	const [escalations, requests] = useMemo(() => [escalationRows(view), triageRows(view)], [view, version]);
	if (escalations.length + requests.length === 0) return null;
	return (
		<div className="max-h-[35%] shrink-0 overflow-y-auto border-kumo-hairline border-b">
			<Group
				title={plural(escalations.length, "escalation")}
				label="Escalations"
				rows={escalations}
				action="escalation.acknowledge"
			/>
			<Group
				title={plural(requests.length, "triage request")}
				label="Triage requests"
				rows={requests}
				action="triage.resolve"
			/>
		</div>
	);
}

type GroupProps = { title: string; label: string; rows: readonly AskedRow[]; action: string };

function Group({ title, label, rows, action }: GroupProps) {
	if (rows.length === 0) return null;
	return (
		<section aria-label={label} className="px-4 py-1.5">
			<h3 className="font-medium">{title}</h3>
			<ul>
				{rows.map((row) => (
					<AskedLine key={row.bead.bead_id} row={row} action={action} />
				))}
			</ul>
		</section>
	);
}

const TONES: Record<string, string> = {
	critical: "text-tone-bad font-medium",
	high: "text-tone-bad",
	medium: "text-tone-warn",
};

function AskedLine({ row, action }: { row: AskedRow; action: string }) {
	const { consider, press } = useAct();
	const { bead, escalation, severity, since, about } = row;
	const id = bead.bead_id;
	const seen = escalation?.acknowledged === 1;
	const considered = consider(action, { kind: "bead", id }, seen ? { seen: false } : undefined, null);
	const kind = typeof bead.metadata.triage_type === "string" ? bead.metadata.triage_type : null;
	return (
		<li
			data-asked={id}
			className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-0.5 border-kumo-hairline border-b py-0.5 last:border-b-0"
		>
			<span className={`w-16 ${seen ? "text-tone-quiet" : (TONES[severity] ?? "")}`}>{severity}</span>
			<span className="w-16 text-tone-quiet">
				{since === null ? "" : <Duration since={since} className="!min-w-0" />}
			</span>
			<span className="min-w-0 flex-1 basis-60 break-words">{bead.body ?? bead.title}</span>
			{about.agent === null ? null : <SubjectLink subject={{ kind: "agent", id: about.agent }} />}
			{about.bead === null ? null : <SubjectLink subject={{ kind: "bead", id: about.bead }} sign={false} />}
			<span className="text-tone-quiet">
				{kind === null ? "" : kind.replaceAll("_", " ")}
				{seen ? "acknowledged" : ""}
				{escalation && escalation.re_escalation_count > 0
					? ` raised ${plural(escalation.re_escalation_count, "time")}`
					: ""}
			</span>
			{considered ? (
				<ActionButton
					label={seen ? "Take back" : action === "triage.resolve" ? "Decide" : "Acknowledge"}
					danger={considered.danger}
					reason={considered.reason}
					onPress={() => press(considered)}
				/>
			) : null}
		</li>
	);
}
