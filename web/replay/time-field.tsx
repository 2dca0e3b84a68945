import { useState } from "react";
import { clockTime } from "../ui/index.ts";
import { parseTime } from "./parse-time.ts";

/** The moment as a field: another time of that day typed into it is jumped to. */
export function TimeField({ at, onTime }: { at: number; onTime(at: number): void }) {
	const [typed, setTyped] = useState<string | null>(null);
	const wanted = typed === null ? at : parseTime(typed, at);
	const done = () => {
		if (typed !== null && wanted !== null && typed !== clockTime(at, "millis")) onTime(wanted);
		setTyped(null);
	};
	return (
		<input
			aria-label="Moment"
			title="Type a time, 12:04:31, to jump to it"
			value={typed ?? clockTime(at, "millis")}
			aria-invalid={wanted === null}
			onFocus={(event) => event.currentTarget.select()}
			onChange={(event) => setTyped(event.target.value)}
			onBlur={done}
			onKeyDown={(event) => {
				if (event.key === "Enter") done();
				else if (event.key === "Escape" && typed !== null) {
					event.preventDefault();
					event.stopPropagation();
					setTyped(null);
				}
			}}
			className="h-6.5 w-28 rounded-sm border border-edge bg-kumo-base px-2 text-right font-mono text-xs aria-invalid:border-tone-warn max-md:h-11"
		/>
	);
}
