import { useParams, useSearch } from "@tanstack/react-router";
import { type Finding, findingKey, type Subject } from "../../shared/diagnosis/finding.ts";
import { agentName, beadTitle } from "../../shared/town-view/index.ts";
import { InForceList } from "../ledger/in-force-list.tsx";
import { parseOpen, type TownTab } from "../routes/address.ts";
import { ago } from "../ui/format/duration.ts";
import { AttentionRail, plural, useWallNow } from "../ui/index.ts";
import { ComplaintAnswer, ComplaintMenu, useComplaint } from "./complaint-panel.tsx";
import { TAB_OF } from "./marks.ts";
import { openSubject } from "./open-subject.ts";
import { useOpenTown } from "./open-town.ts";
import { Remedy } from "./remedy.tsx";
import { subjectName } from "./subject-link.tsx";
import { useSettled } from "./use-settled.ts";

/** Whether a finding's whole card stands in this tab: there it is the loud one (P5). */
const hasCardIn = (tab: TownTab, kind: Subject["kind"]): boolean =>
	kind !== "bead" && kind !== "agent" && TAB_OF[kind] === tab;

/** What needs a person, worst first, beside the tabs. */
export function AttentionPanel({ phone = false }: { phone?: boolean }) {
	const town = useOpenTown();
	const { diagnosis, connection, view } = town;
	const search = useSearch({ from: "/towns/$id/$tab" });
	const { tab } = useParams({ from: "/towns/$id/$tab" });
	const open = parseOpen(search.open);
	const complaint = useComplaint();
	const settled = useSettled(connection);
	const nameOf = ({ subject }: Finding) =>
		subject.kind === "bead"
			? beadTitle(view, subject.id)
			: subject.kind === "agent" || subject.kind === "mayor"
				? agentName(view, subject.id)
				: subjectName(subject, view);
	const shown = open
		? diagnosis.findings.find(
				({ subject }) =>
					subject.id === open.id &&
					(subject.kind === open.kind || (subject.kind === "mayor" && open.kind === "agent")),
			)
		: diagnosis.findings.find(({ subject: { kind } }) => hasCardIn(tab, kind));
	const beads = view.tables.beads.size - view.tables.agent_metadata.size;
	return (
		<aside
			aria-label="Attention"
			className={`flex min-h-0 flex-col bg-kumo-base ${
				phone ? "flex-1" : "w-[272px] shrink-0 border-r border-kumo-hairline min-[1400px]:w-[304px]"
			}`}
		>
			<AttentionRail
				diagnosis={diagnosis}
				settled={settled}
				blind={connection.is === "blind"}
				nameOf={nameOf}
				remedyOf={(finding, primary) => <Remedy finding={finding} primary={primary} />}
				open={shown ? findingKey(shown) : null}
				onOpen={(finding) => openSubject(town, finding.subject)}
				instead={complaint === null ? undefined : <ComplaintAnswer complaint={complaint} />}
				below={<InForceList rail />}
				watched={
					<>
						{plural(view.tables.agent_metadata.size, "agent")}, {plural(Math.max(0, beads), "bead")} watched,{" "}
						<Checked />
					</>
				}
			>
				<ComplaintMenu />
			</AttentionRail>
		</aside>
	);
}

/** How old the check is: as old as what it was made of, though the rules run on. */
function Checked() {
	const { client, past } = useOpenTown();
	const now = useWallNow();
	const { heardAt } = client.store.getState().figures;
	if (past) return "at that moment";
	return heardAt === null ? "not checked yet" : `checked ${ago(now - heardAt)}`;
}
