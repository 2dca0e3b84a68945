import { Sign } from "../ui/index.ts";
import { useOpenTown } from "./open-town.ts";

/** Who else has a sheet open on this, in words, so that two do not press at once (SESSION-7). */
export function OthersIntend({ id }: { id: string }) {
	const { viewers, me } = useOpenTown();
	const mine = viewers.find((viewer) => viewer.id === me)?.admin;
	const others = viewers.filter((viewer) => viewer.id !== me && viewer.intention?.target === id);
	if (others.length === 0) return null;
	return (
		<ul aria-label="Others are about to act" className="flex flex-col gap-1 text-tone-human">
			{others.map(({ id, admin, name, intention }) => (
				<li key={id} className="flex items-center gap-2" data-intends={intention?.name}>
					<Sign name="review" tone="human" />
					{admin === mine ? "You, in another tab, are" : `${name} is`} about to{" "}
					{lower(intention?.label ?? "")}
				</li>
			))}
		</ul>
	);
}

/** A button's words within a sentence. */
const lower = (label: string) => label.charAt(0).toLowerCase() + label.slice(1);
