import { isTextPart, isToolPart, type Message, type Part } from "../../../shared/conversation/index.ts";

/**
 * Where the server's answer differs from its own stream (sdk-events.md §4), by name. Each tells how often it occurs, so that
 * a fold that begins to differ elsewhere, or no longer needs an exception, fails.
 */
const EXCEPTIONS: Record<
	string,
	{ why: string; applies: (ours: Part, theirs: Part) => boolean; parts: Record<string, number> }
> = {
	"metadata.diff": {
		why: "kilo's answer leaves out state.metadata.diff of edit and write",
		applies: (ours, theirs) =>
			isToolPart(ours) &&
			isToolPart(theirs) &&
			["edit", "write"].includes(ours.tool) &&
			ours.state.metadata?.diff !== undefined &&
			theirs.state.metadata?.diff === undefined,
		parts: {
			"happy-path": 3,
			lifecycle: 1,
			long: 100,
			loop: 37,
			permission: 1,
			"two-agents": 4,
		},
	},
	"cut off text": {
		why: "a part cut off by a dropped provider stream (opencode) keeps its text in the stream, but is empty in the answer",
		applies: (ours, theirs) =>
			isTextPart(ours) && isTextPart(theirs) && theirs.text === "" && ours.text !== "",
		parts: { "opencode-provider-retry": 1 },
	},
	"raw of a pending tool": {
		why: "opencode's stream leaves raw on a tool that was aborted while pending",
		applies: (ours, theirs) =>
			isToolPart(ours) && isToolPart(theirs) && ours.state.raw === "" && theirs.state.raw === undefined,
		parts: { "opencode-aborted": 1 },
	},
};

/** Our messages with each exception's difference taken from theirs; `seen` counts the parts by exception. */
export function except(
	ours: Message[],
	theirs: Message[],
): { messages: Message[]; seen: Record<string, number> } {
	const known = new Map(theirs.flatMap(({ parts }) => parts.map((part) => [part.id, part] as const)));
	const seen: Record<string, number> = {};
	const messages = ours.map(({ info, parts }) => ({
		info,
		parts: parts.map((part) => {
			const their = known.get(part.id);
			const name = their && Object.keys(EXCEPTIONS).find((key) => EXCEPTIONS[key]?.applies(part, their));
			if (!their || !name) return part;
			seen[name] = (seen[name] ?? 0) + 1;
			return adopt(part, their, name);
		}),
	}));
	return { messages, seen };
}

function adopt(ours: Part, theirs: Part, name: string): Part {
	if (name === "cut off text" && isTextPart(ours) && isTextPart(theirs))
		return { ...ours, text: theirs.text };
	if (!isToolPart(ours)) return ours;
	if (name === "raw of a pending tool") {
		const { raw: _, ...state } = ours.state;
		return { ...ours, state };
	}
	const { diff: _, ...metadata } = ours.state.metadata ?? {};
	return { ...ours, state: { ...ours.state, metadata } };
}

/** How many parts of a recording differ, by exception. */
export const expected = (recording: string): Record<string, number> =>
	Object.fromEntries(
		Object.entries(EXCEPTIONS).flatMap(([name, { parts }]) =>
			parts[recording] === undefined ? [] : [[name, parts[recording]]],
		),
	);
