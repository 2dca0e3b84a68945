import { CaretDownIcon } from "@phosphor-icons/react/CaretDown";
import { CaretRightIcon } from "@phosphor-icons/react/CaretRight";
import { type ReactNode, useState } from "react";
import type { LedgerStory } from "../../shared/ledger/fold.ts";
import { plural, Time } from "../ui/index.ts";

/** Neighbouring visits, quiet and folded: what was done is what a reader of the ledger looks for. */
export function VisitsLine({ stories, children }: { stories: readonly LedgerStory[]; children: ReactNode }) {
	const [open, setOpen] = useState(false);
	const Caret = open ? CaretDownIcon : CaretRightIcon;
	const [newest] = stories;
	if (!newest) return null;
	const people = [...new Set(stories.map(({ admin }) => admin?.name ?? "the session"))].join(", ");
	const here = stories.filter(({ steps }) => steps.at(-1)?.body.event !== "left").length;
	return (
		<li data-visits={stories.length}>
			<button
				type="button"
				aria-expanded={open}
				onClick={() => setOpen(!open)}
				className="flex min-h-7 w-full items-center gap-3 border-b border-kumo-hairline px-4 text-left text-tone-quiet hover:bg-kumo-tint max-md:min-h-11"
			>
				<Caret size={12} weight="bold" aria-hidden />
				<span className="truncate">
					Opened {plural(stories.length, "time")} by {people}, last <Time at={newest.at} dated />
					{here > 0 ? `, ${here} open now` : ""}
				</span>
			</button>
			{open ? <ul className="pl-4">{children}</ul> : null}
		</li>
	);
}
