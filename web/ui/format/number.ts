/** US dollars: `$0.184`, `<$0.001`, `$0`; with `column` three decimals and no sign, for under a `$` head. */
export function money(dollars: number, column = false): string {
	if (column) return dollars === 0 ? "0" : dollars > 0 && dollars < 0.001 ? "<0.001" : dollars.toFixed(3);
	if (dollars === 0) return "$0";
	if (dollars > 0 && dollars < 0.001) return "<$0.001";
	return dollars < 1 ? `$${dollars.toFixed(3)}` : `$${dollars.toFixed(2)}`;
}

/** `$1.82/h`. */
export const moneyPerHour = (dollars: number): string => `${money(dollars)}/h`;

/** `820 B`, `3.1 kB`, `1.2 MB`, in thousands. */
export function bytes(size: number): string {
	if (size < 1_000) return `${size} B`;
	if (size < 1_000_000) return `${(size / 1_000).toFixed(1)} kB`;
	return `${(size / 1_000_000).toFixed(1)} MB`;
}

/** For chips only: `912`, `48.2 k`, `1.2 M`. */
export function short(value: number): string {
	if (value < 10_000) return value.toLocaleString("en-US");
	if (value < 1_000_000) return `${(value / 1_000).toFixed(1)} k`;
	return `${(value / 1_000_000).toFixed(1)} M`;
}

/** `1 bead`, `3 beads`, `0 beads`. */
export const plural = (n: number, one: string, many = `${one}s`): string =>
	`${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;

/** US dollars; `unknown` where tokens were used and nobody told their price; null where nothing was reported. */
export type Dollars = number | "unknown" | null;

/** What can be compared and sorted by. */
export const knownDollars = (dollars: Dollars): number | null =>
	typeof dollars === "number" ? dollars : null;
