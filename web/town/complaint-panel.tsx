import { useSearch } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { CAUSE_WORDS } from "../../shared/diagnosis/cause-words.ts";
import { COMPLAINTS, type Complaint } from "../../shared/diagnosis/codes.ts";
import { answerComplaint, type Judged } from "../../shared/diagnosis/complaint.ts";
import type { Evidence, Subject } from "../../shared/diagnosis/finding.ts";
import { parseOpen } from "../routes/address.ts";
import { look, Status } from "../ui/index.ts";
import { openEvidence } from "./open-evidence.ts";
import { openSubject } from "./open-subject.ts";
import { useOpenTown } from "./open-town.ts";
import { Remedy } from "./remedy.tsx";
import { SubjectLink } from "./subject-link.tsx";
import { looksOf } from "./use-diagnosis.ts";

const LOOKS = {
	found: look("failed", "Found", "bad"),
	unknown: look("unknown", "Cannot know", "warn"),
	"ruled-out": look("gone", "Ruled out", "quiet"),
} as const;
const ORDER: readonly Judged["is"][] = ["found", "unknown", "ruled-out"];

const isComplaint = (value: unknown): value is Complaint => Object.hasOwn(COMPLAINTS, String(value));

/** The complaint of the address (`says=3`), null without one. */
export function useComplaint(): Complaint | null {
	const { says } = useSearch({ from: "/towns/$id/$tab" });
	const number = Number(says);
	return isComplaint(number) ? number : null;
}

/** Of what is asked: the bead or agent that is open beside, else the whole town. */
function useAbout(): Subject {
	const { view } = useOpenTown();
	const open = parseOpen(useSearch({ from: "/towns/$id/$tab" }).open);
	if (!open) return { kind: "town", id: "town" };
	const mayor = open.kind === "agent" && view.tables.agent_metadata.get(open.id)?.role === "mayor";
	return { kind: mayor ? "mayor" : open.kind, id: open.id };
}

/** The user's sentence instead of a code: every cause of it as found, ruled out or not to be known (D8). */
export function ComplaintMenu() {
	const { go } = useOpenTown();
	const complaint = useComplaint();
	return (
		<select
			aria-label="What the user says"
			value={complaint ?? ""}
			onChange={(event) => go({ says: event.target.value || undefined }, true)}
			className="h-6.5 min-w-0 max-w-28 rounded-sm border border-edge bg-kumo-base px-1 text-xs max-md:h-11"
		>
			<option value="">User says…</option>
			{Object.entries(COMPLAINTS).map(([number, words]) => (
				<option key={number} value={number}>
					{words}
				</option>
			))}
		</select>
	);
}

/** In place of the list of causes while a complaint is asked after. */
export function ComplaintAnswer({ complaint }: { complaint: Complaint }) {
	const town = useOpenTown();
	const { view, client, past, diagnosis, go } = town;
	const about = useAbout();
	// biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place; a new diagnosis says when
	const judged = useMemo(() => {
		const state = client.store.getState();
		const now = past?.is === "there" ? past.moment.at : client.now();
		const looks = past ? null : looksOf(state);
		return answerComplaint(view, now, { complaint, subject: about }, looks, diagnosis).sort(
			(a, b) => ORDER.indexOf(a.is) - ORDER.indexOf(b.is),
		);
	}, [diagnosis, view, complaint, about.kind, about.id, past]);
	const found = judged.filter(({ is }) => is === "found").length;
	return (
		<section aria-label="What the user says" className="min-h-0 flex-1 overflow-y-auto">
			<header className="flex flex-col items-start gap-1 border-kumo-hairline border-b px-3 py-2">
				<span>
					<span className="block font-medium">“{COMPLAINTS[complaint]}.”</span>
					<span className="block text-tone-quiet text-xs">
						{found === 0 ? "None of its causes was found" : `${found} of ${judged.length} causes found`}
						{", asked of "}
						{about.kind === "town" ? (
							"the whole town. Open a bead or an agent to ask of that alone"
						) : (
							<SubjectLink subject={about} sign={false} />
						)}
						.
					</span>
				</span>
				<button
					type="button"
					className="min-h-6 shrink-0 text-tone-active text-xs hover:underline"
					onClick={() => go({ says: undefined }, true)}
				>
					Back to Attention
				</button>
			</header>
			<ul>
				{judged.map((one) => (
					<li
						key={one.code}
						data-cause={one.code}
						data-is={one.is}
						className="flex flex-col gap-1 border-kumo-hairline border-b px-3 py-2"
					>
						<Status look={LOOKS[one.is]} className="text-xs" />
						<Cause judged={one} />
					</li>
				))}
			</ul>
		</section>
	);
}

function Cause({ judged }: { judged: Judged }) {
	const town = useOpenTown();
	if (judged.is === "found")
		return (
			<>
				<button
					type="button"
					className="cursor-pointer text-left hover:underline"
					onClick={() => openSubject(town, judged.finding.subject)}
				>
					{judged.finding.sentence}
				</button>
				<Rows evidence={judged.finding.evidence} />
				<div className="flex flex-wrap gap-2 pt-1 empty:hidden">
					<Remedy finding={judged.finding} primary={false} />
				</div>
			</>
		);
	return (
		<>
			<span className={judged.is === "ruled-out" ? "text-tone-quiet" : ""}>{CAUSE_WORDS[judged.code]}</span>
			{judged.is === "unknown" ? <Small>Not known: {judged.missing.join("; ")}</Small> : null}
			{judged.says.length > 0 ? <Small>{judged.says.join(" ")}</Small> : null}
			<Rows evidence={judged.evidence} />
		</>
	);
}

const Small = ({ children }: { children: ReactNode }) => (
	<span className="text-tone-quiet text-xs">{children}</span>
);

/** The rows that say so; each opens. */
function Rows({ evidence }: { evidence: readonly Evidence[] }) {
	const town = useOpenTown();
	if (evidence.length === 0) return null;
	return (
		<span className="flex flex-wrap gap-x-3">
			{evidence.slice(0, 4).map((one) => (
				<button
					key={`${one.entity}/${one.key}/${one.label}`}
					type="button"
					className="min-h-6 cursor-pointer text-tone-active text-xs hover:underline"
					onClick={() => openEvidence(town, one)}
				>
					{one.label} <span aria-hidden>›</span>
				</button>
			))}
		</span>
	);
}
