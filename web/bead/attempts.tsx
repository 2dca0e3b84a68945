import type { DispatchAttempt } from "../../shared/gastown/index.ts";
import { timeOf } from "../../shared/town-view/index.ts";
import { OlderRows } from "../town/older-rows.tsx";
import { SubjectLink } from "../town/subject-link.tsx";
import { useJournal } from "../town/use-journal.ts";
import { attemptLook, Duration, Status, Terminal, Time } from "../ui/index.ts";

type Props = {
	where: Record<string, string>;
	/** What to name in each line: the other end of the attempt. */
	name: "agent" | "bead";
	lastError?: string | null;
};

/** Each try to start an agent, newest first, with the container's own words where it failed. */
export function Attempts({ where, name, lastError = null }: Props) {
	const journal = useJournal("dispatch_attempts", where);
	return (
		<>
			{lastError && journal.rows.length === 0 ? <p className="text-tone-bad">{lastError}</p> : null}
			<ol className="flex flex-col gap-1">
				{journal.rows.toReversed().map((attempt) => (
					<AttemptLine key={attempt.attempt_id} attempt={attempt} name={name} />
				))}
			</ol>
			<OlderRows journal={journal} what="attempts" makes="Nothing has been started yet." />
		</>
	);
}

function AttemptLine({ attempt, name }: { attempt: DispatchAttempt; name: "agent" | "bead" }) {
	const at = timeOf(attempt.at);
	const ended = timeOf(attempt.ended_at);
	// The container's own words matter where it did not start.
	const failed = attempt.outcome === "failed" || attempt.outcome === "refused";
	const told = [failed ? attempt.container_response : null, attempt.error].filter(Boolean);
	return (
		<li>
			<span className="flex flex-wrap items-center gap-x-3">
				<span className="w-16 text-tone-quiet">{at === null ? attempt.at : <Time at={at} />}</span>
				<span className="w-4 text-right">{attempt.n}</span>
				<Status look={attemptLook(attempt)} />
				<SubjectLink
					subject={
						name === "agent" ? { kind: "agent", id: attempt.agent_id } : { kind: "bead", id: attempt.bead_id }
					}
					sign={false}
				/>
				{at !== null && ended !== null ? (
					<span className="text-tone-quiet">
						ended after <Duration since={at} until={ended} className="!min-w-0" />
						{attempt.exit_code === null ? "" : `, exit ${attempt.exit_code}`}
					</span>
				) : null}
			</span>
			{told.length > 0 ? (
				<div className="pl-[76px]">
					<Told text={told.join("\n")} />
				</div>
			) : null}
		</li>
	);
}

/** A sentence wraps; what is longer opens in place. */
function Told({ text }: { text: string }) {
	if (text.length < SENTENCE) return <p className="break-words font-mono text-xs leading-[18px]">{text}</p>;
	return <Terminal text={text} />;
}

/** Characters of what reads as a sentence. */
const SENTENCE = 600;
