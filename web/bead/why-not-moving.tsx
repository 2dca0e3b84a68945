import { whyNotMoving } from "../../shared/diagnosis/index.ts";
import type { Bead } from "../../shared/gastown/index.ts";
import { markKey, useOpenTown } from "../town/open-town.ts";
import { clockTime } from "../ui/index.ts";

/** Every bead that does not move has this line, finding or not (D7). */
export function WhyNotMoving({ bead }: { bead: Bead }) {
	const { view, sight, marks } = useOpenTown();
	// A finding's card says it already.
	if (marks.has(markKey("bead", bead.bead_id))) return null;
	const why = whyNotMoving(view, bead.bead_id, sight.now);
	if (!why) return null;
	return (
		<p className="px-4 pb-2">
			<span className="text-tone-quiet">{why.moving ? "It moves: " : "Why it is not moving: "}</span>
			{why.moving ? why.sentence.replace(/^It moves: /, "") : why.sentence}
			{why.until === null ? "" : ` Until ${clockTime(why.until)}.`}
		</p>
	);
}
