import { findingKey, type Subject } from "../../shared/diagnosis/finding.ts";
import { storiesAbout } from "../../shared/ledger/fold.ts";
import { storiesOf } from "../ledger/stories-of.ts";
import { storyLook } from "../ledger/story-words.ts";
import { FindingCard, Time } from "../ui/index.ts";
import { openEvidence } from "./open-evidence.ts";
import { markKey, useOpenTown } from "./open-town.ts";
import { Remedy } from "./remedy.tsx";
import { SubjectLink } from "./subject-link.tsx";

/** The finding on what is open, whole; a consequence opens with its root and the root's remedy first (D1). */
export function CauseCard({ kind, id, loud = true }: Pick<Subject, "kind" | "id"> & { loud?: boolean }) {
	const town = useOpenTown();
	const { marks, diagnosis, connection } = town;
	const finding = marks.get(markKey(kind, id));
	if (!finding) return null;
	const root =
		finding.because === null ? null : diagnosis.findings.find((one) => findingKey(one) === finding.because);
	return (
		<FindingCard
			finding={finding}
			loud={loud && connection.is !== "blind"}
			subject={(subject) => <SubjectLink subject={subject} />}
			onEvidence={(evidence) => openEvidence(town, evidence, id)}
			because={root ? <RootLink sentence={root.sentence} subject={root.subject} /> : undefined}
			tried={<Tried id={id} />}
			actions={
				<>
					{root ? <Remedy finding={root} primary={loud} /> : null}
					<Remedy finding={finding} primary={loud && !root} />
				</>
			}
		/>
	);
}

function RootLink({
	sentence,
	subject,
}: {
	sentence: string;
	subject: Parameters<typeof SubjectLink>[0]["subject"];
}) {
	return (
		<>
			<SubjectLink subject={subject} />: {sentence}
		</>
	);
}

/** What was tried on it, newest first, as the ledger tells. */
function Tried({ id }: { id: string }) {
	const { ledger } = useOpenTown();
	const stories = storiesAbout(storiesOf(ledger), id).slice(0, 3);
	if (stories.length === 0) return "nothing yet";
	return stories.map((story) => (
		<span key={story.id}>
			<Time at={story.at} /> {story.intent?.name} by {story.admin?.name ?? "an admin"}:{" "}
			{storyLook(story).word.toLowerCase()}
		</span>
	));
}
