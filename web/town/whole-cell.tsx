import { type ReactNode, useState } from "react";
import { plural } from "../ui/index.ts";
import { useOpenTown } from "./open-town.ts";

type Props = {
	entity: string;
	/** Key of the row. */
	row: string;
	column: string;
	/** What of it came with the row. */
	head: string;
	/** Its true length in characters, where it was cut (FEED-1). */
	size: number | undefined;
	what: string;
	children(text: string): ReactNode;
};

/** A column as it is here; where it was cut that is said, with its true size and a way to read the whole. */
export function WholeCell({ entity, row, column, head, size, what, children }: Props) {
	const { ask } = useOpenTown();
	// What was read is of the very head that stood here then: another head is another text.
	const [read, setRead] = useState<{ head: string; text: string } | null>(null);
	const [reading, setReading] = useState(false);
	const [failed, setFailed] = useState<string | null>(null);
	const whole = read?.head === head ? read.text : null;
	const fetch = () => {
		setReading(true);
		setFailed(null);
		ask({ kind: "cell", entity, key: row, column }).then(
			({ rows }) => {
				setRead({ head, text: String((rows[0] as { text?: unknown } | undefined)?.text ?? "") });
				setReading(false);
			},
			(error: unknown) => {
				setFailed(error instanceof Error ? error.message : "The read failed.");
				setReading(false);
			},
		);
	};
	return (
		<>
			{children(whole ?? head)}
			{size !== undefined && whole === null ? (
				<button
					type="button"
					disabled={reading}
					onClick={fetch}
					className="text-tone-active hover:underline max-md:min-h-11"
				>
					{reading ? "Reading the rest" : `Cut. Read the whole ${what}, ${plural(size, "character")}`}
				</button>
			) : null}
			{failed ? (
				<p role="alert" className="text-tone-bad">
					Could not read it: {failed}
				</p>
			) : null}
		</>
	);
}
