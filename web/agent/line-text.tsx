import type { Icon } from "@phosphor-icons/react";
import { headOf, sizeOf } from "../../shared/conversation/index.ts";
import { clockTime, duration, plural } from "../ui/index.ts";
import { Closed } from "./closed.tsx";
import type { Line } from "./lines/line.ts";
import { Markdown } from "./markdown.tsx";
import { useBody } from "./use-body.ts";

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
	const text = line.text.map(headOf).join("\n\n");
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
				<span className={`block whitespace-pre-wrap break-words ${open ? "" : "line-clamp-3"}`}>{text}</span>
			</button>
		</div>
	);
}

/** What the agent says; deltas append, a steady caret marks the end while it is open. */
export function SaidText({ line }: { line: Extract<Line, { kind: "text" }> }) {
	const { part, open } = line;
	const { text, fetch, fetching } = useBody(part.text);
	return (
		<div className="py-1">
			{open ? (
				<p className="whitespace-pre-wrap break-words">
					{text}
					<span aria-hidden className="ml-0.5 inline-block h-3.5 w-1.5 translate-y-0.5 bg-tone-active" />
				</p>
			) : (
				<Markdown text={text} />
			)}
			{text.length < sizeOf(part.text) && !open ? (
				<button
					type="button"
					disabled={fetching}
					onClick={fetch}
					className="text-tone-active hover:underline"
				>
					{fetching ? "Reading the rest" : `Read the whole text, ${plural(sizeOf(part.text), "character")}`}
				</button>
			) : null}
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
	const text = headOf(line.part.text);
	const words = text.split(/\s+/).filter(Boolean).length;
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
						{plural(words, "word")}, {took}
					</span>
				}
			>
				<p className="whitespace-pre-wrap break-words">{text}</p>
			</Closed>
		</div>
	);
}
