import { type Dollars, money } from "./format/number.ts";

/** US dollars; in a `column` under a `$` head three decimals and no sign. */
export const Money = ({ dollars, column = false }: { dollars: Dollars; column?: boolean }) =>
	typeof dollars !== "number" ? (
		<span className="text-tone-quiet">{dollars ?? "not seen"}</span>
	) : (
		<span className={column ? "text-right" : ""}>{money(dollars, column)}</span>
	);
