import { Button } from "@cloudflare/kumo/components/button";
import { look, Status } from "../ui/index.ts";

type Props = {
	/** How many there are without the filter. */
	total: number;
	what: string;
	filter: string;
	onClear(): void;
	/** What makes one appear. */
	makes: string;
};

/** A list without rows: none at all, or a filter that hides all; told apart by sign and word (design-ui §4). */
export function EmptyRows({ total, what, filter, onClear, makes }: Props) {
	if (total === 0)
		return (
			<div className="flex flex-col gap-1 px-4 py-3" data-none="empty">
				<Status look={look("open", `No ${what} in this town`, "quiet")} />
				<span className="text-tone-quiet">{makes}</span>
			</div>
		);
	return (
		<div className="flex flex-wrap items-center gap-3 px-4 py-3" data-none="no-match">
			<Status look={look("gone", "No match", "quiet")} />
			<span>
				No {what} match {filter}. {total} in all.
			</span>
			<Button size="sm" variant="outline" onClick={onClear}>
				Clear filter
			</Button>
		</div>
	);
}
