/** A cell of a transition table: the next state, or why there is none. */
export type Illegal = { readonly illegal: string };
type Cell<S extends string> = S | Illegal;

/** Every state × every event, proven complete by the type checker. */
export type TransitionTable<S extends string, E extends string> = {
	readonly [state in S]: { readonly [event in E]: Cell<S> };
};

/** Why a move was refused, naming where it started and what was tried: never a silent success. */
type IllegalMove = {
	ok: false;
	code: "illegal-move" | "unknown-state";
	from: string;
	event: string;
	message: string;
};
export type Moved<S extends string> = { ok: true; to: S } | IllegalMove;

export const no = (illegal: string): Illegal => ({ illegal });

/**
 * Looks a move up. A state that the table does not know (columns are plain text, domain.md §1.1) is refused with its
 * name. `noun` begins the message, e.g. `bead`.
 */
export function move<S extends string, E extends string>(
	table: TransitionTable<S, E>,
	noun: string,
	from: string,
	event: E,
): Moved<S> {
	if (!Object.hasOwn(table, from)) {
		const message = `This ${noun} has the unknown status "${from}", so "${event}" cannot be applied to it.`;
		return { ok: false, code: "unknown-state", from, event, message };
	}
	const cell: Cell<S> = table[from as S][event];
	if (typeof cell === "string") return { ok: true, to: cell };
	const message = `"${event}" is not possible for a ${noun} that is "${from}": ${cell.illegal}.`;
	return { ok: false, code: "illegal-move", from, event, message };
}
