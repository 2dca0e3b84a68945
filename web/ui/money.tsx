import { money } from "./format/number.ts";

/** US dollars; in a `column` under a `$` head three decimals and no sign. Null is unknown. */
export const Money = ({ dollars, column = false }: { dollars: number | null; column?: boolean }) =>
	dollars === null ? (
		<span className="text-tone-quiet">not seen</span>
	) : (
		<span className={column ? "text-right" : ""}>{money(dollars, column)}</span>
	);
