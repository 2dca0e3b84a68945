import type { ReactNode } from "react";
import type { Finding } from "../../shared/diagnosis/finding.ts";
import { CATALOGUE } from "../../shared/interventions/index.ts";
import type { LedgerStory } from "../../shared/ledger/fold.ts";
import { count, duration, Json, look, Status, Time } from "../ui/index.ts";
import { stepWord } from "./story-words.ts";

/** The whole of an entry: who, why, case, what they saw, before and after with the seq, finding, proof, every step. */
export function StoryDetail({ story }: { story: LedgerStory }) {
	const { intent, outcome, proof, cleared } = story;
	const finding = intent?.finding as Partial<Finding> | null | undefined;
	return (
		<dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-x-3 gap-y-1">
			<Field name="Who">{story.admin ? `${story.admin.name}, ${story.admin.email}` : "not said"}</Field>
			{intent ? (
				<>
					<Field name="Why">{intent.reason}</Field>
					<Field name="Case">{intent.case || "none"}</Field>
					<Field name="Target">
						{intent.target_name} <span className="font-mono text-tone-quiet text-xs">{intent.target}</span>
					</Field>
					{Object.keys(intent.params).length > 0 ? (
						<Field name="With">
							<Values of={intent.params} />
						</Field>
					) : null}
					<Field name="Saw">
						<Values of={intent.saw} /> <span className="text-tone-quiet">at seq {count(intent.seq)}</span>
					</Field>
					{intent.remedy ? (
						<Field name="Remedy">
							Step {intent.remedy.step} of {intent.remedy.steps.length}:{" "}
							{intent.remedy.steps.map(({ name }) => name).join(", then ")}
						</Field>
					) : null}
					{intent.bulk ? <Field name="Selection">One of several, proposed at once</Field> : null}
					{finding ? (
						<Field name="Finding">
							{finding.code}: {finding.sentence}
						</Field>
					) : null}
				</>
			) : null}
			{outcome && outcome.outcome === "applied" ? (
				<Field name="Changed">
					<Changes before={outcome.before} after={outcome.after} />
					<span className="text-tone-quiet">seq {count(outcome.seq)}</span>
				</Field>
			) : null}
			{outcome && outcome.outcome !== "applied" ? (
				<Field name="Outcome">
					{outcome.outcome}
					{outcome.message ? `: ${outcome.message}` : ""}
				</Field>
			) : null}
			{outcome?.effects.length ? (
				<Field name="To be seen">
					<ul>
						{outcome.effects.map((effect) => (
							<li key={effect.label}>
								<Status
									look={
										!proof
											? look("underWay", effect.label, "active")
											: proof.missing.includes(effect.label)
												? look("warning", `${effect.label}: not seen`, "warn")
												: look("done", effect.label, "good")
									}
								/>
							</li>
						))}
					</ul>
				</Field>
			) : null}
			{proof ? (
				<Field name="Proof">
					{proof.seen
						? `Seen after ${duration(proof.ms)}, seq ${count(proof.seq)}`
						: `Not seen in ${duration(proof.ms)}`}
				</Field>
			) : null}
			{cleared ? (
				<Field name="Finding">
					{cleared.cleared ? "Cleared" : "Came back"} after {duration(cleared.ms)}
				</Field>
			) : null}
			{outcome?.outcome === "applied" ? <Field name="Undo">{undoInWords(story)}</Field> : null}
			<Field name="Steps">
				<ol>
					{story.steps.map((step) => (
						<li key={step.n} className="flex flex-wrap gap-x-3">
							<span className="w-20">{stepWord(step.step)}</span>
							<Time at={step.at} dated />
							<span className="w-16 text-tone-quiet">
								{step.n === story.n ? "" : `+${duration(step.at - story.at)}`}
							</span>
							<span
								className="font-mono text-tone-quiet text-xs leading-5"
								title={`${step.prev_hash} → ${step.hash}`}
							>
								#{step.n} {step.hash.slice(0, 12)}
							</span>
						</li>
					))}
				</ol>
			</Field>
			{!intent ? (
				<Field name="Told">
					<Json value={story.steps.map(({ body }) => body)} />
				</Field>
			) : null}
		</dl>
	);
}

/** How it can be put back, or what to do next where it cannot. */
function undoInWords({ intent, outcome }: LedgerStory): string {
	const undo = outcome?.undo;
	if (undo)
		return [`${CATALOGUE[undo.name]?.title ?? undo.name} ${intent?.target_name ?? ""}`, inWords(undo.params)]
			.filter(Boolean)
			.join(": ");
	const next = intent ? CATALOGUE[CATALOGUE[intent.name]?.next ?? ""] : undefined;
	const none = undo === undefined ? "not told" : "cannot be put back";
	return next ? `${none}; next: ${next.title}` : none;
}

function Field({ name, children }: { name: string; children: ReactNode }) {
	return (
		<>
			<dt className="text-tone-quiet">{name}</dt>
			<dd className="min-w-0 break-words">{children}</dd>
		</>
	);
}

const told = (value: unknown) =>
	value === null || value === undefined || value === ""
		? "none"
		: typeof value === "object"
			? JSON.stringify(value)
			: String(value);

const inWords = (values: Record<string, unknown>): string =>
	Object.entries(values)
		.map(([field, value]) => `${field.replaceAll("_", " ")} ${told(value)}`)
		.join(", ");

const Values = ({ of }: { of: Record<string, unknown> }) => <span>{inWords(of)}</span>;

/** Field by field; values of a whole row (`entity/key`) are told by the fields that differ. */
function Changes({ before, after }: { before: Record<string, unknown>; after: Record<string, unknown> }) {
	return (
		<ul>
			{differences(before, after, "").map((line) => (
				<li key={line}>{line}</li>
			))}
		</ul>
	);
}

const isRow = (value: unknown): value is Record<string, unknown> =>
	typeof value === "object" && value !== null && !Array.isArray(value);

function differences(before: Record<string, unknown>, after: Record<string, unknown>, of: string): string[] {
	const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
	return fields.flatMap((field) => {
		const [was, is] = [before[field], after[field]];
		if (isRow(was) || isRow(is))
			return differences(isRow(was) ? was : {}, isRow(is) ? is : {}, `${field.replace("/", " ")}: `);
		if (JSON.stringify(was) === JSON.stringify(is)) return [];
		return [`${of}${field.replaceAll("_", " ")} ${told(was)} → ${told(is)}`];
	});
}
