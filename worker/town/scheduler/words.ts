/** A span of time in the words of a journal: `45 s`, `12 min`. */
export const minutes = (ms: number): string =>
	ms < 90_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`;
