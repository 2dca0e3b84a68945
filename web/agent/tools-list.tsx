import { useCallback, useMemo, useState } from "react";
import { useStore } from "zustand";
import { type Columns, iso } from "../export/sheet.ts";
import { TownExport } from "../export/town-export.tsx";
import { ChoiceMenu } from "../town/choice-menu.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { clockTime, count, duration, Id, Status, Stream } from "../ui/index.ts";
import { toggled } from "../ui/toggled.ts";
import { AgentContext } from "./agent-context.ts";
import { isWhole } from "./is-whole.ts";
import { ToolBody } from "./line-bodies.tsx";
import { repeatLook, toolLookAfter } from "./line-words.ts";
import type { ToolLine } from "./lines/line.ts";
import { textOf } from "./lines/text-of.ts";
import { NO_MARKS } from "./loop-marks.ts";
import { NoStream } from "./no-stream.tsx";
import { StreamSearch } from "./stream-search.tsx";
import { StreamTop } from "./stream-top.tsx";
import { type LoopMark, loopMarks, toolCalls } from "./tool-calls.ts";
import { useSearch } from "./use-search.ts";

const keyOf = (line: ToolLine) => line.key;

const STATES = ["All", "Failed", "Running", "In a loop"] as const;
type State = (typeof STATES)[number];
const ANY = "";

const CALL_EXPORT: Columns<ToolLine> = {
	at: ({ at }) => iso(at),
	tool: ({ part }) => part.tool,
	call_id: ({ part }) => part.callID,
	subject: ({ subject }) => subject,
	outcome: ({ outcome }) => outcome.kind,
	failed: ({ failed }) => (failed ? "yes" : "no"),
	duration_ms: ({ part: { state } }) =>
		state.time?.end === undefined ? null : state.time.end - state.time.start,
	state: ({ part }) => part.state,
};

/** Each call of a tool: when, which, with what, how it ended, how long it took; loops are marked. Opens with input and output. */
export function ToolsList({ agent }: { agent: string }) {
	const { client } = useOpenTown();
	const stream = useStore(client.stream(agent));
	const whole = isWhole(stream);
	const { conversation } = stream;
	const [state, setState] = useState<State>("All");
	const [tool, setTool] = useState(ANY);
	const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
	const { version, loops, ends } = conversation;
	const endsAt = useMemo(() => ends.map(({ at }) => at), [ends]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the conversation changes in place; its version tells
	const calls = useMemo(() => toolCalls(conversation), [conversation, version]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the conversation changes in place; its loops tell
	const marks = useMemo(() => (loops.length > 0 ? loopMarks(conversation) : NO_MARKS), [loops]);
	const shown = useMemo(
		() =>
			calls.filter(
				(line) => (tool === ANY || line.part.tool === tool) && isIn(line, state, marks.has(line.key), endsAt),
			),
		[calls, tool, state, marks, endsAt],
	);
	const search = useSearch(shown, keyOf, textOf);
	const toggle = useCallback((key: string) => setOpen((before) => toggled(before, key)), []);
	const of = useMemo(() => {
		const many = (one: State) => calls.filter((line) => isIn(line, one, marks.has(line.key), endsAt)).length;
		return {
			All: calls.length,
			Failed: many("Failed"),
			Running: many("Running"),
			"In a loop": many("In a loop"),
		};
	}, [calls, marks, endsAt]);
	return (
		<AgentContext value={agent}>
			<Stream
				label="Tool calls of the agent"
				items={shown}
				keyOf={keyOf}
				estimate={28}
				show={search.current}
				bar={
					<>
						<StreamSearch search={search} whole={whole} />
						<ChoiceMenu<State>
							label="How they ended"
							tabs={STATES.map((one) => ({ value: one, label: `${one} ${count(of[one])}` }))}
							value={state}
							onValue={setState}
						/>
						<ChoiceMenu
							label="Which tool"
							tabs={[{ value: ANY, label: "Every tool" }, ...toolsOf(calls)]}
							value={tool}
							onValue={setTool}
						/>
						<TownExport of="tool-calls" columns={CALL_EXPORT} rows={shown} />
					</>
				}
				top={<StreamTop stream={stream} />}
				none={
					<NoStream
						stream={stream}
						hidden={calls.length}
						filter={[state === "All" ? "" : state, tool].filter(Boolean).join(", ")}
						onClear={() => {
							setState("All");
							setTool(ANY);
						}}
					/>
				}
				item={(line) => (
					<Call
						line={line}
						ends={endsAt}
						repeat={marks.get(line.key)}
						open={open.has(line.key)}
						current={line.key === search.current}
						onToggle={toggle}
					/>
				)}
			/>
		</AgentContext>
	);
}

type CallProps = {
	line: ToolLine;
	ends: readonly number[];
	repeat: LoopMark | undefined;
	open: boolean;
	current: boolean;
	onToggle(key: string): void;
};

function Call({ line, ends, repeat, open, current, onToggle }: CallProps) {
	const { time, title } = line.part.state;
	return (
		<div
			className={`border-b border-kumo-hairline ${current ? "bg-tone-active-tint" : ""}`}
			data-call={line.outcome.kind}
		>
			<button
				type="button"
				aria-expanded={open}
				onClick={() => onToggle(line.key)}
				className="grid min-h-7 w-full grid-cols-[60px_minmax(0,1fr)_auto_56px] items-center gap-2 px-4 text-left hover:bg-kumo-tint max-md:min-h-11"
			>
				<span className="text-tone-quiet">{line.at === null ? "" : clockTime(line.at)}</span>
				<span className="flex min-w-0 items-baseline gap-2">
					<span className="shrink-0 font-medium">{line.name}</span>
					<span className="min-w-0 truncate font-mono text-xs" title={line.subject || title}>
						{line.subject || title}
					</span>
				</span>
				<span className="flex gap-3">
					{repeat ? <Status look={repeatLook(repeat)} /> : null}
					<Status look={toolLookAfter(line, ends)} />
				</span>
				<span className="text-right text-tone-quiet">
					{time?.end === undefined ? "" : duration(time.end - time.start)}
				</span>
			</button>
			{open ? (
				<div className="flex flex-col gap-2 px-4 pb-2">
					<ToolBody line={line} open />
					{line.part.callID ? (
						<p className="text-tone-quiet text-xs">
							tool {line.part.tool}, call <Id id={line.part.callID} label="id of the call" />
						</p>
					) : null}
				</div>
			) : null}
		</div>
	);
}

function isIn(line: ToolLine, state: State, repeats: boolean, ends: readonly number[]): boolean {
	if (state === "Failed") return line.failed;
	if (state === "Running")
		return (
			line.outcome.kind === "pending" ||
			(line.outcome.kind === "running" && !ends.some((at) => at >= (line.at ?? 0)))
		);
	return state === "All" || repeats;
}

function toolsOf(calls: readonly ToolLine[]): { value: string; label: string }[] {
	const counts = new Map<string, { name: string; n: number }>();
	for (const { name, part } of calls) counts.set(part.tool, { name, n: (counts.get(part.tool)?.n ?? 0) + 1 });
	return [...counts].map(([value, { name, n }]) => ({ value, label: `${name} ${n}` }));
}
