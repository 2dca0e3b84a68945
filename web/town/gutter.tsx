import { FindingSign } from "../ui/index.ts";
import { markKey, useOpenTown } from "./open-town.ts";

/** The mark of a finding, root or consequence, left of the row it concerns. */
export function Mark({ kind, id }: { kind: string; id: string }) {
	const finding = useOpenTown().marks.get(markKey(kind, id));
	if (!finding || finding.severity === "notice") return null;
	return <FindingSign severity={finding.severity} />;
}

/** Initials of other admins whose page looks at this row (L11). */
export function Watchers({ focus }: { focus: string }) {
	const { viewers, me } = useOpenTown();
	const here = viewers.filter((viewer) => viewer.id !== me && viewer.focus === focus);
	if (here.length === 0) return null;
	return (
		<span
			className="font-medium text-[12px] text-tone-human leading-4"
			title={`${here.map(({ name }) => name).join(", ")} here`}
		>
			{initials(here[0]?.name ?? "")}
		</span>
	);
}

export const initials = (name: string): string =>
	name
		.split(/\s+/)
		.map((word) => word.charAt(0))
		.join("")
		.slice(0, 2)
		.toUpperCase();
