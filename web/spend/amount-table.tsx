import { type ReactNode, useState } from "react";
import { count, Money } from "../ui/index.ts";
import type { AmountRow } from "./spend.ts";

type Props<Row> = {
	label: string;
	of: string;
	rows: readonly Row[];
	name(key: string): ReactNode;
	/** Columns of its own, before the tokens. */
	more?: readonly { head: string; value(row: Row): ReactNode }[];
	shown?: number;
};

/** Tokens and cost of each, in the order given. A cost that nobody told is unknown. */
export function AmountTable<Row extends AmountRow>(props: Props<Row>) {
	const { label, of, rows, name, more = [], shown = 12 } = props;
	const [all, setAll] = useState(false);
	if (rows.length === 0) return <p className="text-tone-quiet">No usage was reported.</p>;
	return (
		<>
			<table className="w-full table-fixed" aria-label={label}>
				<thead>
					<tr className="text-right text-tone-quiet text-xs">
						<th scope="col" className="text-left font-medium">
							{of}
						</th>
						{more.map(({ head }) => (
							<Head key={head} narrow>
								{head}
							</Head>
						))}
						<Head>In</Head>
						<Head>Out</Head>
						<Head narrow>Cached</Head>
						<Head>$</Head>
					</tr>
				</thead>
				<tbody>
					{(all ? rows : rows.slice(0, shown)).map((row) => (
						<tr key={row.key} className="h-7 border-kumo-hairline border-b text-right">
							<th scope="row" className="truncate text-left font-normal">
								{name(row.key)}
							</th>
							{more.map(({ head, value }) => (
								<td key={head} className="max-md:hidden">
									{value(row)}
								</td>
							))}
							<td>{count(row.input)}</td>
							<td>{count(row.output)}</td>
							<td className="max-md:hidden">{count(row.cached)}</td>
							<td>
								<Cost of={row} column />
							</td>
						</tr>
					))}
				</tbody>
			</table>
			{rows.length > shown ? (
				<button
					type="button"
					className="pt-1 text-tone-active text-xs hover:underline"
					onClick={() => setAll(!all)}
				>
					{all ? "Show fewer" : `Show all ${rows.length}`}
				</button>
			) : null}
		</>
	);
}

const Head = ({ children, narrow = false }: { children: ReactNode; narrow?: boolean }) => (
	<th scope="col" className={`w-[72px] font-medium max-md:w-16 ${narrow ? "max-md:hidden" : ""}`}>
		{children}
	</th>
);

/** Dollars as far as they are known: `+ unknown` where some of it has no price, `unknown` where nothing has. */
export function Cost({
	of: { cost, unpriced },
	column = false,
}: {
	of: Pick<AmountRow, "cost" | "unpriced">;
	column?: boolean;
}) {
	if (cost === null) return <span className="text-tone-quiet">{unpriced > 0 ? "unknown" : "none"}</span>;
	return (
		<span title={unpriced > 0 ? `and ${count(unpriced)} tokens without a known price` : undefined}>
			<Money dollars={cost} column={column} />
			{unpriced > 0 ? <span className="text-tone-quiet"> +?</span> : null}
		</span>
	);
}
