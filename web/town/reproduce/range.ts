/** Part of the change log that a reproduction spans: changes after `from` up to and with `to`; null is until now. */
export type Range = { from: number; to: number | null };

/** `47902` is a mark that is open, `47902..48211` one that has ended; null for anything else. */
export function parseRange(mark: string | undefined): Range | null {
	const match = /^(\d{1,15})(?:\.\.(\d{1,15}))?$/.exec(mark ?? "");
	if (!match) return null;
	const from = Number(match[1]);
	const to = match[2] === undefined ? null : Number(match[2]);
	return to !== null && to < from ? null : { from, to };
}

export const formatRange = ({ from, to }: Range): string => (to === null ? `${from}` : `${from}..${to}`);
