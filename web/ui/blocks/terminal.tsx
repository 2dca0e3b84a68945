import { type ReactNode, useMemo, useState } from "react";
import { bytes, plural } from "../format/number.ts";
import { ansiRuns, cutMiddle, writtenOver } from "./ansi.ts";
import { Block, More, PRE } from "./block.tsx";

/** Spelled out so that Tailwind finds them. */
const COLORS = [
	"text-ansi-0", "text-ansi-1", "text-ansi-2", "text-ansi-3",
	"text-ansi-4", "text-ansi-5", "text-ansi-6", "text-ansi-7",
]; // biome-ignore format: a list

const LINES = 12;

type Props = {
	text: string;
	/** Command, exit code, duration. */
	head?: ReactNode;
	/** Only its last lines: a log, or a command that still runs. */
	tail?: boolean;
	/** True size where `text` is only a piece of it. */
	size?: number;
	/** Gets the rest where `text` is only a piece. */
	onFetch?(): void;
};

const Lines = ({ lines }: { lines: readonly string[] }) =>
	lines.map((line, i) => (
		// biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
		<div key={i} className="min-h-[18px]">
			{ansiRuns(line).map((run, j) => (
				<span
					// biome-ignore lint/suspicious/noArrayIndexKey: runs have no other name
					key={j}
					className={`${run.color === null ? "" : COLORS[run.color]} ${run.bold ? "font-semibold" : ""} ${
						run.dim ? "opacity-80" : ""
					}`}
				>
					{run.text}
				</span>
			))}
		</div>
	));

/** Output of a command: colours, carriage returns applied, cut in the middle and never at the end. */
export function Terminal({ text, head, tail = false, size, onFetch }: Props) {
	const [whole, setWhole] = useState(false);
	const lines = useMemo(() => text.replace(/\n$/, "").split(/\r?\n/).map(writtenOver), [text]);
	const cut = tail
		? {
				head: [],
				hidden: Math.max(0, lines.length - LINES),
				hiddenSize: lines.slice(0, -LINES).join("\n").length,
				tail: lines.slice(-LINES),
			}
		: cutMiddle(lines, LINES);
	const more = `${plural(cut.hidden, "more line")} (${bytes(cut.hiddenSize)})`;
	return (
		<Block head={head} copy={text}>
			<pre className={PRE}>
				{whole ? (
					<Lines lines={lines} />
				) : (
					<>
						<Lines lines={cut.head} />
						{cut.hidden > 0 && <More onOpen={() => setWhole(true)}>{more}</More>}
						<Lines lines={cut.tail} />
					</>
				)}
			</pre>
			{onFetch && size !== undefined && size > text.length && (
				<More onOpen={onFetch}>Fetch the whole text ({bytes(size)})</More>
			)}
		</Block>
	);
}
