import { Button } from "@cloudflare/kumo/components/button";
import { look, Status } from "../ui/index.ts";
import type { Journal } from "./use-journal.ts";

type Props = {
	journal: Pick<Journal<"bead_events">, "more" | "loading" | "failed" | "older"> & {
		rows: readonly unknown[];
	};
	what: string;
	/** What it means that there is none. */
	makes: string;
};

/** The end of a list that is read in pages: loading, failed, more, or truly none (P2). */
export function OlderRows({ journal, what, makes }: Props) {
	const { rows, more, loading, failed, older } = journal;
	if (failed !== null)
		return (
			<div role="alert" className="flex flex-wrap items-center gap-3 py-1.5">
				<Status look={look("failed", `Could not read ${what}`, "bad")} />
				<span>
					{failed}
					{rows.length > 0 ? " Above is what is known." : ""}
				</span>
				<Button size="sm" variant="outline" onClick={older}>
					Try again
				</Button>
			</div>
		);
	if (loading || more === null)
		return (
			<div role="status" className="py-1.5">
				<Status look={look("changing", `Reading ${what}`, "active")} />
			</div>
		);
	if (more)
		return (
			<Button size="sm" variant="outline" className="my-1.5" onClick={older}>
				Load older {what}
			</Button>
		);
	if (rows.length > 0) return null;
	return (
		<div className="flex flex-col py-1.5">
			<Status look={look("open", `No ${what}`, "quiet")} />
			<span className="text-tone-quiet">{makes}</span>
		</div>
	);
}
