/** The second key of a chord (`g s`) comes within this time. */
const CHORD_MS = 1_200;

let begun: { first: KeyboardEvent; second: KeyboardEvent | null } | null = null;

/** A key that begins a chord was pressed, wherever on the page chords are bound. */
export const beginChord = (event: KeyboardEvent): void => {
	if (begun?.first !== event) begun = { first: event, second: null };
};

/** The key that began a chord whose second key this event is; null where it stands by itself. A list takes no such key for its own. */
export function chordBefore(event: KeyboardEvent): string | null {
	if (begun === null || begun.first === event) return null;
	if (event.timeStamp - begun.first.timeStamp > CHORD_MS) return null;
	begun.second ??= event;
	return begun.second === event ? begun.first.key : null;
}
