import { Button } from "@cloudflare/kumo/components/button";
import { ClockCounterClockwiseIcon } from "@phosphor-icons/react/ClockCounterClockwise";
import { useOpenTown } from "../town/open-town.ts";
import { clockTime } from "../ui/index.ts";
import { formatAt, type Where } from "./where.ts";

type Moment = Exclude<Where, { is: "live" }>;

const WORDS = "See the town at this moment";

/** Shows the whole town as it was then (L9). */
export function ToMoment({ moment }: { moment: Moment }) {
	const { go } = useOpenTown();
	return (
		<Button size="sm" variant="outline" onClick={() => go({ at: formatAt(moment) }, false)}>
			{WORDS}
		</Button>
	);
}

/** The same at the end of a line that happened at `at`; by its change, where that is known. */
export function LineToMoment({ at, seq }: { at: number; seq?: number | undefined }) {
	const { go } = useOpenTown();
	const moment: Moment = seq === undefined ? { is: "at", at } : { is: "seq", seq };
	return (
		<button
			type="button"
			title={WORDS}
			aria-label={`${WORDS}, ${clockTime(at)}`}
			onClick={() => go({ at: formatAt(moment) }, false)}
			className="flex size-6 shrink-0 items-center justify-center rounded text-tone-quiet hover:bg-tone-past-tint hover:text-tone-past max-md:size-11"
		>
			<ClockCounterClockwiseIcon size={14} aria-hidden />
		</button>
	);
}
