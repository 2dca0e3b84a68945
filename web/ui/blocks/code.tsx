import { type ReactNode, useState } from "react";
import { bytes, plural } from "../format/number.ts";
import { Block, More, PRE } from "./block.tsx";

const LINES = 12;

/** Text as it is: twelve lines, then how many more. */
export function Code({ text, head }: { text: string; head?: ReactNode }) {
	const [whole, setWhole] = useState(false);
	const lines = text.split("\n");
	const rest = lines.slice(LINES).join("\n");
	return (
		<Block head={head} copy={text}>
			<pre className={PRE}>{whole ? text : lines.slice(0, LINES).join("\n")}</pre>
			{!whole && rest !== "" && (
				<More onOpen={() => setWhole(true)}>
					{plural(lines.length - LINES, "more line")} ({bytes(rest.length)})
				</More>
			)}
		</Block>
	);
}

/** Any value as indented JSON; a value that is no JSON is shown as text. */
export const Json = ({ value, head }: { value: unknown; head?: ReactNode }) => (
	<Code
		head={head}
		text={typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "undefined")}
	/>
);
