import { useCallback, useMemo, useState } from "react";
import { useStore } from "zustand";
import type { KeysOf } from "../routes/shortcuts.ts";
import { ChoiceMenu } from "../town/choice-menu.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { Stream } from "../ui/index.ts";
import { isTyping } from "../ui/live-table/keys.ts";
import { toggled } from "../ui/toggled.ts";
import { AgentContext } from "./agent-context.ts";
import { isWhole } from "./is-whole.ts";
import { LineView } from "./line-view.tsx";
import type { Line, LineKind } from "./lines/line.ts";
import { lineReader } from "./lines/lines.ts";
import { textOf } from "./lines/text-of.ts";
import { LoopMarks, NO_MARKS, StreamEnds } from "./loop-marks.ts";
import { NoStream } from "./no-stream.tsx";
import { StreamSearch } from "./stream-search.tsx";
import { StreamTop } from "./stream-top.tsx";
import { loopMarks } from "./tool-calls.ts";
import { useRate } from "./use-rate.ts";
import { useSearch } from "./use-search.ts";

const keyOf = (line: Line) => line.key;

/** Kinds a reader may ask for; each shows several kinds of lines. */
const KINDS: Record<string, readonly LineKind[] | "failed"> = {
	All: [],
	Failures: "failed",
	Said: ["prompt", "text"],
	Tools: ["tool", "reads", "pending", "loop"],
};
type Kind = keyof typeof KINDS;

/** The live stream of an agent as a conversation (design-ui §7). Works when its beginning is missing. */
export function Conversation({ agent }: { agent: string }) {
	const { client } = useOpenTown();
	const stream = useStore(client.stream(agent));
	const whole = isWhole(stream);
	const [kind, setKind] = useState<Kind>("All");
	const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
	const [reader] = useState(lineReader);
	const lines = reader(stream.conversation, whole);
	const shown = useMemo(
		() => (kind === "All" ? lines : lines.filter((line) => isOf(line, kind))),
		[lines, kind],
	);
	// A loop that grows is another list.
	const { loops, ends } = stream.conversation;
	const endsAt = useMemo(() => ends.map(({ at }) => at), [ends]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the conversation changes in place; its loops tell
	const marks = useMemo(() => (loops.length > 0 ? loopMarks(stream.conversation) : NO_MARKS), [loops]);
	const search = useSearch(shown, keyOf, textOf);
	const rate = useRate(stream.position?.seq ?? 0);
	const toggle = useCallback((key: string) => setOpen((before) => toggled(before, key)), []);
	return (
		<AgentContext value={agent}>
			<LoopMarks value={marks}>
				<StreamEnds value={endsAt}>
					<Stream
						label="Conversation of the agent"
						items={shown}
						keyOf={keyOf}
						estimate={28}
						show={search.current}
						rate={`${rate} ev/s`}
						bar={
							<>
								<StreamSearch search={search} whole={whole} />
								<ChoiceMenu
									label="Kinds of lines"
									tabs={Object.keys(KINDS).map((name) => ({ value: name, label: name }))}
									value={kind}
									onValue={setKind}
								/>
							</>
						}
						top={<StreamTop stream={stream} />}
						none={
							<NoStream stream={stream} hidden={lines.length} filter={kind} onClear={() => setKind("All")} />
						}
						onKeyDown={(event) => {
							const keys: KeysOf<"conversation"> = {
								n: search.next,
								N: search.previous,
								"]": () => search.goTo(messageBeside(shown, search.current, 1)),
								"[": () => search.goTo(messageBeside(shown, search.current, -1)),
								e: () => search.goTo(nextFailure(shown, search.current)),
							};
							if (!isTyping(event.target) && event.key in keys) keys[event.key as keyof typeof keys]();
						}}
						item={(line) => (
							<LineView
								line={line}
								open={open.has(line.key)}
								current={line.key === search.current}
								onToggle={toggle}
							/>
						)}
					/>
				</StreamEnds>
			</LoopMarks>
		</AgentContext>
	);
}

function isOf(line: Line, kind: Kind): boolean {
	const kinds = KINDS[kind];
	if (kinds === "failed") return line.failed;
	return !kinds || kinds.length === 0 || kinds.includes(line.kind);
}

/** The next or previous thing that was said or asked, from the current line or from the end. */
function messageBeside(lines: readonly Line[], current: string | null, step: 1 | -1): string | null {
	const at = lines.findIndex((line) => line.key === current);
	const from = at === -1 ? lines.length : at;
	for (let i = from + step; i >= 0 && i < lines.length; i += step) {
		const line = lines[i];
		if (line && (line.kind === "prompt" || line.kind === "text")) return line.key;
	}
	return current;
}

function nextFailure(lines: readonly Line[], current: string | null): string | null {
	const at = lines.findIndex((line) => line.key === current);
	const next = lines.find((line, i) => i > at && line.failed) ?? lines.find((line) => line.failed);
	return next?.key ?? null;
}
