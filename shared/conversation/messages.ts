import { isTextPart, type LiveMessage, type MessageInfo, type Part } from "./types.ts";

/**
 * Where `id` stands, or belongs, in a list ordered by id: ascending ids are the order of creation, and of the server's
 * answer. The end is tried first, since nearly everything is appended.
 */
function placeOf(list: readonly { id: string }[], id: string): { index: number; found: boolean } {
	let low = 0;
	let high = list.length;
	const last = list[high - 1];
	if (!last || last.id < id) return { index: high, found: false };
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((list[middle]?.id ?? "") < id) low = middle + 1;
		else high = middle;
	}
	return { index: low, found: list[low]?.id === id };
}

export function insert(list: LiveMessage[], message: LiveMessage): void {
	const { index, found } = placeOf(list, message.id);
	if (!found) list.splice(index, 0, message);
}

export function remove(list: LiveMessage[], id: string): void {
	const { index, found } = placeOf(list, id);
	if (found) list.splice(index, 1);
}

/** A message of which only the id is known yet. */
export const newMessage = (id: string, session: string): LiveMessage => ({
	id,
	session,
	info: { id, sessionID: session },
	parts: [],
	version: 0,
	headless: true,
});

export function setInfo(message: LiveMessage, info: MessageInfo): void {
	message.info = info;
	message.headless = false;
	message.version++;
}

/** Replaces a part, or puts it where its id belongs. True when it was not there before. */
export function putPart(message: LiveMessage, part: Part): boolean {
	const { index, found } = placeOf(message.parts, part.id);
	message.parts = message.parts.toSpliced(index, found ? 1 : 0, part);
	message.version++;
	return !found;
}

export function dropPart(message: LiveMessage, id: string): void {
	const { index, found } = placeOf(message.parts, id);
	if (!found) return;
	message.parts = message.parts.toSpliced(index, 1);
	message.version++;
}

function partOf(message: LiveMessage, id: string): Part | undefined {
	const { index, found } = placeOf(message.parts, id);
	return found ? message.parts[index] : undefined;
}

/** Adds streamed text. A part whose beginning was lost stays as it is until its closing snapshot. */
export function addDelta(message: LiveMessage, id: string, field: string, delta: string): void {
	const part = partOf(message, id);
	if (field !== "text" || !part || !isTextPart(part) || typeof part.text !== "string") return;
	putPart(message, { ...part, text: part.text + delta });
}
