import type { Subject } from "../../shared/diagnosis/finding.ts";
import { agentName, beadTitle, type TownView } from "../../shared/town-view/index.ts";
import { Sign } from "../ui/index.ts";
import { agentLook } from "../ui/status/agent-look.ts";
import { lookOfBead } from "./bead-rows.ts";
import { useOpenTown } from "./open-town.ts";

/** The name of a bead or an agent with its sign; opens it beside the list. */
export function SubjectLink({
	subject,
	sign = true,
}: {
	subject: Pick<Subject, "kind" | "id">;
	sign?: boolean;
}) {
	const { view, sight, open, hrefOf } = useOpenTown();
	const { kind, id } = subject;
	if (kind !== "bead" && kind !== "agent" && kind !== "mayor")
		return <span>{subjectName(subject, view)}</span>;
	const agent = view.tables.agent_metadata.get(id);
	const what = kind === "bead" ? ({ kind, id } as const) : ({ kind: "agent", id, raw: false } as const);
	const look = kind === "bead" ? lookOfBead(view, id, sight) : agent ? agentLook(agent, sight) : null;
	return (
		<a
			href={hrefOf(what)}
			className="inline-flex min-h-6 min-w-0 max-w-full items-center gap-1 align-middle text-tone-active hover:underline"
			onClick={(event) => {
				if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
				event.preventDefault();
				open(what);
			}}
		>
			{sign && look ? (
				<>
					<Sign name={look.sign} tone={look.tone} />
					<span className="sr-only">{look.word}: </span>
				</>
			) : null}
			<span className="truncate">{kind === "bead" ? beadTitle(view, id) : agentName(view, id)}</span>
		</a>
	);
}

/** What is wrong by name, where it is neither a bead nor an agent. The id of a credential is `rig/credential`. */
export function subjectName({ kind, id }: Pick<Subject, "kind" | "id">, view: TownView): string {
	if (kind === "container") return "Container";
	if (kind === "town") return "Town";
	const [rig = id, credential] = id.split("/");
	const name = view.tables.rigs.get(rig)?.name ?? rig.slice(0, 8);
	if (kind === "credential") return `${credential ?? "Some"} credential of rig ${name}`.replace(/^./, upper);
	return `${kind} ${name}`.replace(/^./, upper);
}

const upper = (letter: string) => letter.toUpperCase();
