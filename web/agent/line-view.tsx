import type { Icon } from "@phosphor-icons/react";
import { BookOpenIcon } from "@phosphor-icons/react/BookOpen";
import { BrainIcon } from "@phosphor-icons/react/Brain";
import { ListChecksIcon } from "@phosphor-icons/react/ListChecks";
import { PencilSimpleIcon } from "@phosphor-icons/react/PencilSimple";
import { TerminalIcon } from "@phosphor-icons/react/Terminal";
import { UsersIcon } from "@phosphor-icons/react/Users";
import { WrenchIcon } from "@phosphor-icons/react/Wrench";
import { memo, type ReactNode, useContext } from "react";
import { clockTime, duration, type Look, plural, Status } from "../ui/index.ts";
import { Closed } from "./closed.tsx";
import { ErrorBody, LoopBody, ToolBody } from "./line-bodies.tsx";
import { PromptText, ReasoningText, SaidText } from "./line-text.tsx";
import { eventLook, pendingWords, repeatLook, stepWords, toolLookAfter } from "./line-words.ts";
import type { Line, ToolLine } from "./lines/line.ts";
import { editCounts } from "./lines/tool-line.ts";
import { LoopMarks, StreamEnds } from "./loop-marks.ts";

type Props = { line: Line; open: boolean; current: boolean; onToggle(key: string): void };

/** One line of the conversation: closed, 28 px; open, its body in place below it. */
export const LineView = memo(function LineView({ line, open, current, onToggle }: Props) {
	const shell = (content: ReactNode) => (
		<div
			data-line={line.kind}
			data-failed={line.failed || undefined}
			className={`max-w-[760px] px-4 ${current ? "bg-tone-active-tint" : ""}`}
		>
			{content}
		</div>
	);
	const toggle = () => onToggle(line.key);
	switch (line.kind) {
		case "prompt":
			return shell(<PromptText line={line} open={open} onToggle={toggle} />);
		case "text":
			return shell(<SaidText line={line} />);
		case "reasoning":
			return shell(<ReasoningText line={line} open={open} onToggle={toggle} icon={BrainIcon} />);
		case "tool":
			return shell(<ToolView line={line} open={open} onToggle={toggle} />);
		case "reads":
			return shell(
				<Closed
					icon={BookOpenIcon}
					name="Read"
					subject={plural(line.tools.length, "file")}
					open={open}
					onToggle={toggle}
				>
					<ul className="pl-6">
						{line.tools.map((tool) => (
							<li key={tool.key} className="truncate font-mono text-xs leading-5">
								{tool.name} {tool.subject}
							</li>
						))}
					</ul>
				</Closed>,
			);
		case "step":
			return shell(
				<div className="flex h-7 items-center gap-2 text-tone-quiet text-xs">
					<span className="h-px w-6 bg-kumo-line" />
					<span className="truncate">{stepWords(line)}</span>
					<span className="h-px min-w-4 flex-1 bg-kumo-line" />
				</div>,
			);
		case "compaction":
			return shell(
				<Event
					look={{
						sign: "changing",
						word: `Context compacted${line.auto ? ", by itself" : ""}`,
						tone: "quiet",
					}}
					at={line.at}
				/>,
			);
		case "loop":
			return shell(
				<>
					<Event look={eventLook(line)} at={line.at} />
					<LoopBody line={line} />
				</>,
			);
		case "error":
		case "message-error":
			return shell(
				<>
					<Event look={eventLook(line)} at={line.at} />
					<ErrorBody line={line} />
				</>,
			);
		case "pending":
			return shell(
				<div className="my-1 rounded-sm bg-tone-warn-tint px-2 py-1">
					<Event look={eventLook(line)} at={line.at} />
					<p className="break-words pl-6 font-mono text-xs leading-[18px]">{pendingWords(line.pending)}</p>
				</div>,
			);
		case "headless":
			return shell(
				<p className="py-1 text-tone-quiet text-xs">The beginning of this message is not loaded.</p>,
			);
		default:
			return shell(<Event look={eventLook(line)} at={line.at} />);
	}
});

function Event({ look, at }: { look: Look; at: number | null }) {
	return (
		<div className="flex min-h-7 items-center gap-3">
			<Status look={look} className="min-w-0 flex-1 [&>span]:whitespace-normal" />
			{at === null ? null : <span className="shrink-0 text-tone-quiet text-xs">{clockTime(at)}</span>}
		</div>
	);
}

const ICONS: Record<ToolLine["shape"], Icon> = {
	run: TerminalIcon,
	edit: PencilSimpleIcon,
	read: BookOpenIcon,
	todo: ListChecksIcon,
	task: UsersIcon,
	other: WrenchIcon,
};

/** Failures, waits and running calls show their last lines though closed. */
const showsItself = (line: ToolLine) =>
	line.failed || (line.shape === "run" && line.outcome.kind === "running");

function ToolView({ line, open, onToggle }: { line: ToolLine; open: boolean; onToggle(): void }) {
	const { time } = line.part.state;
	const counts = line.shape === "edit" ? editCounts(line.part) : null;
	const repeat = useContext(LoopMarks).get(line.key);
	const ends = useContext(StreamEnds);
	return (
		<Closed
			icon={ICONS[line.shape]}
			name={line.name}
			subject={line.subject}
			open={open}
			onToggle={onToggle}
			peek={showsItself(line)}
			right={
				<>
					{repeat ? <Status look={repeatLook(repeat)} /> : null}
					{counts ? (
						<span className="text-tone-quiet">
							+{counts.added} −{counts.removed}
						</span>
					) : null}
					<Status look={toolLookAfter(line, ends)} />
					{time?.end !== undefined ? (
						<span className="text-tone-quiet">{duration(time.end - time.start)}</span>
					) : null}
				</>
			}
		>
			<ToolBody line={line} open={open} />
		</Closed>
	);
}
