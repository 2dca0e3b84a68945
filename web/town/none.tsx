import { Empty, NoMatch } from "../ui/index.ts";

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
	if (total === 0) return <Empty title={`No ${what} in this town.`}>{makes}</Empty>;
	return <NoMatch what={what} filter={filter} total={total} onClear={onClear} />;
}
