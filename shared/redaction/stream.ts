import { ASSIGNMENT, BEARER, OPEN_END, OPEN_KEY, PRIVATE_KEY, TOKENS, URL_USER } from "./patterns.ts";
import { redact } from "./redact.ts";

/**
 * What is held back of one streamed text: no pattern sees a token in five-character deltas (FEED-6). Plain JSON, so that it
 * survives an eviction. Null once too much was held: then the text goes on only with its closing snapshot.
 */
export type Held = string | null;

/** A longer run without a space is hardly read live; the closing snapshot brings it. */
const MOST = 4_096;

const isRun = (unit: number): boolean => unit >= 0x21 && unit <= 0x7e;

/** The start of the run of ASCII without a space that `at` stands in or behind. */
function runStart(text: string, at: number): number {
	let from = at;
	while (from > 0 && isRun(text.charCodeAt(from - 1))) from--;
	return from;
}

/** As long as what it stands for, and to the patterns that come later what REDACTED is. */
const mask = (found: string): string =>
	found.startsWith("://")
		? `://${mask(found.slice(3, -1))}@`
		: `[${"x".repeat(Math.max(0, found.length - 2))}]`;

/** Where the end that may still become a secret begins: its last run, what leads up to it, and no match cut in two. */
function openFrom(text: string): number {
	// In the order of `redact`: what an earlier pattern takes, a later one does not see.
	let masked = text.replace(PRIVATE_KEY, mask).replace(URL_USER, mask);
	for (const pattern of TOKENS) masked = masked.replace(pattern, mask);
	let from = runStart(text, text.length);
	for (const found of [OPEN_END.exec(masked), OPEN_KEY.exec(text)])
		if (found) from = Math.min(from, runStart(text, found.index));
	const whole = [...text.matchAll(PRIVATE_KEY), ...masked.matchAll(ASSIGNMENT), ...masked.matchAll(BEARER)];
	for (let before = -1; before !== from; ) {
		before = from;
		for (const { index, 0: found } of whole)
			if (index < from && from < index + found.length) from = runStart(text, index);
	}
	return from;
}

/** Adds a delta to what was held: `[text that may be shown now, what is held]`. */
export function pushDelta(held: Held, delta: string): [shown: string, held: Held] {
	if (held === null) return ["", null];
	const text = held + delta;
	const from = openFrom(text);
	const rest = text.slice(from);
	return [redact(text.slice(0, from)), rest.length > MOST ? null : rest];
}

/** What was held, when the text has ended. */
export const flushHeld = (held: Held): string => (held === null ? "" : redact(held));

/** A snapshot of a text that still grows: its end is left out while it may become a secret. */
export const redactOpen = (text: string): string => redact(text.slice(0, openFrom(text)));
