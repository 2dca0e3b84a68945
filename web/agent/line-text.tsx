import type { Icon } from "@phosphor-icons/react";
import { headOf, isBody, sizeOf } from "../../shared/conversation/index.ts";
import { clockTime, duration, plural } from "../ui/index.ts";
import { BodyText } from "./body-text.tsx";
import { Closed } from "./closed.tsx";
import type { Line } from "./lines/line.ts";
import { Markdown } from "./markdown.tsx";
import { blocksOf } from "./open-text.ts";

/** A turn begins with its prompt: three lines, the whole on a press. */
export function PromptText({
	line,
	open,
	onToggle,
}: {
	line: Extract<Line, { kind: "prompt" }>;
	open: boolean;
	onToggle(): void;
}) {
	const textOf = (texts: typeof line.text) => texts.map(headOf).join("\n\n");
	return (
		<div className="mt-2 border-t border-kumo-line pt-1.5 pb-1">
			<button
				type="button"
				aria-expanded={open}
				onClick={onToggle}
				className="w-full rounded-sm text-left hover:bg-kumo-tint"
			>
				<span className="flex items-center gap-3 text-tone-quiet text-xs">
					<span className="font-semibold text-kumo-default">Prompt</span>
					{line.at === null ? null : clockTime(line.at)}
					{line.from ? `from ${line.from}` : null}
				</span>
				{open ? null : (
					<span className="line-clamp-3 block whitespace-pre-wrap break-words">{textOf(line.text)}</span>
				)}
			</button>
			{open ? (
				<BodyText of={line.text} what="prompt">
					{(texts) => <p className="whitespace-pre-wrap break-words">{textOf(texts)}</p>}
				</BodyText>
			) : null}
		</div>
	);
}

/** What the agent says; deltas append, a steady caret marks the end while it is open. */
export function SaidText({ line }: { line: Extract<Line, { kind: "text" }> }) {
	const { part, open } = line;
	return (
		<div className="py-1">
			{open ? (
				<GrowingText text={headOf(part.text)} />
			) : (
				<BodyText of={part.text} what="text">
					{(text) => <Markdown text={headOf(text)} />}
				</BodyText>
			)}
		</div>
	);
}

/** In blocks, of which only the last is laid out again when a delta comes. */
function GrowingText({ text }: { text: string }) {
	const blocks = blocksOf(text);
	return (
		<div className="whitespace-pre-wrap break-words">
			{blocks.map((block, at) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: blocks only follow one another
				<p key={at}>
					{block}
					{at === blocks.length - 1 ? (
						<span aria-hidden className="ml-0.5 inline-block h-3.5 w-1.5 translate-y-0.5 bg-tone-active" />
					) : null}
				</p>
			))}
		</div>
	);
}

export function ReasoningText(props: {
	line: Extract<Line, { kind: "reasoning" }>;
	open: boolean;
	onToggle(): void;
	icon: Icon;
}) {
	const { line, open, onToggle, icon } = props;
	const { time } = line.part;
	const { text } = line.part;
	// Words are counted once, when all are there.
	const size =
		isBody(text) || line.open
			? plural(sizeOf(text), "character")
			: plural(headOf(text).split(/\s+/).filter(Boolean).length, "word");
	const took = time?.end !== undefined ? duration(time.end - time.start) : line.open ? "goes on" : "cut off";
	return (
		<div className="text-tone-quiet">
			<Closed
				icon={icon}
				name="Reasoning"
				subject=""
				open={open}
				onToggle={onToggle}
				right={
					<span>
						{size}, {took}
					</span>
				}
			>
				<BodyText of={text} what="reasoning">
					{(whole) => <p className="whitespace-pre-wrap break-words">{headOf(whole)}</p>}
				</BodyText>
			</Closed>
		</div>
	);
}
