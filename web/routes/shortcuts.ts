/**
 * All keys of the page, by where they act, with what they do. Who binds keys names the place, and must bind exactly these: the
 * list under `?` is what the page does. Single keys never change the town (design-ui §8).
 */
export const SHORTCUTS = {
	anywhere: {
		"?": "these keys",
		y: "copy the link of this sight",
		"g u": "Users",
		"g l": "Ledger",
	},
	town: {
		"mod+k": "find anything, do anything",
		"!": "next finding",
		w: "why: the card of what is wrong",
		t: "go to another moment",
		"g s": "State",
		"g a": "Agents",
		"g r": "Review queue",
		"g v": "Convoys",
		"g c": "Container",
		"g k": "Credentials & config",
		"g m": "Mayor",
		"g d": "Scheduler",
		"g p": "Spend",
		"g e": "Events",
		"g i": "Interventions",
		j: "into the list",
		k: "into the list",
		F6: "next region",
		Escape: "close the innermost",
	},
	filter: { "/": "to the filter" },
	users: {
		"/": "to the search",
		j: "next",
		k: "previous",
		ArrowDown: "next",
		ArrowUp: "previous",
	},
	list: {
		j: "next row",
		k: "previous row",
		ArrowDown: "next row",
		ArrowUp: "previous row",
		PageDown: "a page on",
		PageUp: "a page back",
		Home: "first row",
		End: "last row",
		Enter: "open beside the list",
		o: "open on the whole width",
		x: "select",
		X: "select up to here",
		c: "copy the id",
		r: "apply a held order",
	},
	stream: {
		f: "follow the end",
		End: "follow the end",
		Home: "to the beginning",
		p: "pause, go on",
	},
	conversation: {
		n: "next match",
		N: "previous match",
		"]": "next message",
		"[": "previous message",
		e: "next failure",
	},
	guide: { Escape: "end the practice" },
	agent: { v: "raw events, and back" },
	replay: {
		p: "play, pause",
		",": "a step back",
		".": "a step on",
		e: "next failure",
	},
	past: { l: "back to live" },
	moment: {
		",": "previous change",
		".": "next change",
		"<": "what happened before",
		">": "what happened after",
		d: "compare with now",
	},
} as const;

export type Where = keyof typeof SHORTCUTS;
/** Exactly the keys of a place. */
export type KeysOf<W extends Where> = Record<keyof (typeof SHORTCUTS)[W], () => void>;

export const WHERE_WORDS: Record<Where, string> = {
	anywhere: "Anywhere",
	town: "In a town",
	filter: "In a list with a filter",
	users: "Looking up a user",
	list: "In a list",
	stream: "In a stream",
	conversation: "In a conversation",
	guide: "In the practice incident",
	agent: "Beside an agent",
	replay: "In a replay",
	past: "In the past",
	moment: "At a moment of the past",
};

const WORDS: Record<string, string> = {
	ArrowDown: "↓",
	ArrowUp: "↑",
	PageDown: "Page ↓",
	PageUp: "Page ↑",
	Escape: "Esc",
	X: "Shift x",
	"mod+k": "Ctrl k",
};

/** A key as it stands on a keyboard. */
export const keyWords = (key: string): string => WORDS[key] ?? key;

/** The keys of a place, those that do the same in one line. */
export function shortcutLines(where: Where): { keys: string[]; what: string }[] {
	const lines = Map.groupBy(Object.entries(SHORTCUTS[where]), ([, what]) => what);
	return [...lines].map(([what, entries]) => ({ keys: entries.map(([key]) => key), what }));
}
