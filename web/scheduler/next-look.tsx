import { useCallback, useEffect, useState } from "react";
import { z } from "zod";
import { useOpenTown } from "../town/open-town.ts";
import { SubjectLink } from "../town/subject-link.tsx";
import { ActionButton, look, Status, Time } from "../ui/index.ts";
import { actionWords } from "./words.ts";

const planned = z.looseObject({
	type: z.string(),
	why: z.string(),
	agent: z.string().nullish(),
	bead: z.string().nullish(),
	review: z.string().nullish(),
	convoy: z.string().nullish(),
	escalation: z.string().nullish(),
});
type Planned = z.infer<typeof planned>;

type Asked = { at: number; plan: Planned[] };

/** What the scheduler would do if it looked now: asked of the town when the tab is opened and on demand, never with each frame. */
export function NextLook() {
	const { ask, client } = useOpenTown();
	const [asked, setAsked] = useState<Asked | null>(null);
	const [failed, setFailed] = useState<string | null>(null);
	const [asking, setAsking] = useState(false);
	const read = useCallback(() => {
		setAsking(true);
		ask({ kind: "plan" })
			.then(
				({ rows }) => {
					setAsked({ at: client.now(), plan: z.array(planned).parse(rows) });
					setFailed(null);
				},
				(error: unknown) => setFailed(error instanceof Error ? error.message : "The read failed."),
			)
			.catch(() => setFailed("The town answered in words that this page does not know."))
			.finally(() => setAsking(false));
	}, [ask, client]);
	useEffect(read, [read]);
	return (
		<div className="flex flex-col items-start gap-2">
			{failed ? <Status look={look("unknown", `Not known: ${failed}`, "warn")} /> : null}
			{asked === null ? (
				failed ? null : (
					<p className="text-tone-quiet">Asking the town…</p>
				)
			) : asked.plan.length === 0 ? (
				<p className="text-tone-quiet">Do nothing: there is nothing to be done now.</p>
			) : (
				<ol className="flex w-full flex-col" aria-label="What the next look would do">
					{asked.plan.map((action) => (
						<PlanLine key={JSON.stringify(action)} action={action} />
					))}
				</ol>
			)}
			<span className="flex flex-wrap items-center gap-3 text-tone-quiet">
				<ActionButton
					label="Ask again"
					danger="safe"
					reason={asking ? "The town is being asked." : null}
					onPress={read}
				/>
				{asked === null ? null : (
					<span>
						asked at <Time at={asked.at} />; nothing is changed by asking
					</span>
				)}
			</span>
		</div>
	);
}

function PlanLine({ action }: { action: Planned }) {
	const bead = action.bead ?? action.review ?? action.convoy ?? action.escalation;
	return (
		<li className="flex min-h-7 flex-wrap items-center gap-x-3 border-kumo-hairline border-b">
			<span className="w-44 font-medium">{actionWords(action.type)}</span>
			{action.agent ? <SubjectLink subject={{ kind: "agent", id: action.agent }} /> : null}
			{bead ? <SubjectLink subject={{ kind: "bead", id: bead }} /> : null}
			<span className="min-w-0 flex-1 break-words text-tone-quiet">{action.why}</span>
		</li>
	);
}
