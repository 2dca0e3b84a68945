import { useState } from "react";
import { plural } from "../format/number.ts";
import { Block, More } from "./block.tsx";
import { type DiffLine, diffCounts } from "./diff-lines.ts";

const LINES = 40;

const TINT: Record<DiffLine["sign"], string> = {
	"+": "bg-tone-good-tint text-tone-good",
	"−": "bg-tone-bad-tint text-tone-bad",
	" ": "",
	"@": "text-tone-quiet",
};

/** A unified diff of one file: the sign stands in the gutter beside the tint, so that it reads without colour. */
export function Diff({ path, lines }: { path: string; lines: readonly DiffLine[] }) {
	const [whole, setWhole] = useState(false);
	const { added, removed } = diffCounts(lines);
	const shown = whole ? lines : lines.slice(0, LINES);
	const copy = lines
		.map(({ sign, text }) => `${sign === "−" ? "-" : sign === "@" ? "" : sign}${text}`)
		.join("\n");
	const head = (
		<>
			<span className="min-w-0 truncate font-mono text-kumo-default">{path}</span>
			<span className="whitespace-nowrap">
				<span className="text-tone-good">+{added}</span> <span className="text-tone-bad">−{removed}</span>
			</span>
		</>
	);
	return (
		<Block head={head} copy={copy}>
			<div className="overflow-x-auto py-1 font-mono text-xs/[18px]">
				{shown.map((line, i) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
					<div key={i} className={`flex min-w-max whitespace-pre ${TINT[line.sign]}`}>
						<span className="w-6 shrink-0 text-center select-none">{line.sign === "@" ? "" : line.sign}</span>
						<span className="pr-3 text-kumo-default">{line.text}</span>
					</div>
				))}
			</div>
			{!whole && lines.length > LINES && (
				<More onOpen={() => setWhole(true)}>{plural(lines.length - LINES, "more line")}</More>
			)}
		</Block>
	);
}
