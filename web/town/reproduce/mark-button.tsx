import { Button } from "@cloudflare/kumo/components/button";
import { useOpenTown } from "../open-town.ts";
import { formatRange, parseRange } from "./range.ts";

/** Begins a reproduction at the newest change that this page has seen, and ends it (design-ui §5, Mark). */
export function MarkButton({ mark, seq }: { mark: string | undefined; seq: number }) {
	const { go } = useOpenTown();
	const range = parseRange(mark);
	const running = range !== null && range.to === null;
	return (
		<Button
			size="sm"
			variant="outline"
			aria-pressed={running}
			title={
				running
					? "Ends the reproduction and gives a link to it"
					: "Marks this moment: what the user does from here on is shown beside what the town does"
			}
			onClick={() =>
				go({ mark: formatRange(running ? { from: range.from, to: seq } : { from: seq, to: null }) }, false)
			}
		>
			{running ? "End mark" : "Mark"}
		</Button>
	);
}
