import { expect, test } from "vitest";
import {
	apply,
	createConversation,
	eventOf,
	foldSignals,
	isRecord,
	isToolPart,
	noSignals,
	toolOutcome,
} from "../../../shared/conversation/index.ts";
import type { Segment, StreamEvent } from "../../../shared/protocol/index.ts";
import { hideSegment } from "../../../worker/agent/hidden.ts";
import type { StoredSegment } from "../../../worker/agent/segments.ts";
import { eventsOf, RECORDINGS } from "../../support/recordings.ts";
import { agentOf, ingestOf } from "./support.ts";

const stored = ({ text }: { text: string }): StoredSegment => {
	const { from, to, at, mark } = JSON.parse(text) as Segment;
	return { from, to, at, mark, text, bytes: text.length };
};
const hide = (segment: StoredSegment, salt = "salt") => hideSegment(segment, salt);
const eventsIn = (segments: readonly { text: string }[]): StreamEvent[] =>
	segments.flatMap(({ text }) => (JSON.parse(text) as Segment).events);

async function recorded(name: string) {
	const agent = agentOf(`hidden-${name}-${crypto.randomUUID()}`);
	await agent.send(ingestOf(await eventsOf(name)));
	return (await agent.segments()).map(stored);
}

/** What people and models wrote, and what tools were given and answered. */
function saidIn(events: readonly StreamEvent[]): string[] {
	const said: string[] = [];
	const failed: string[] = [];
	const strings = (value: unknown): string[] =>
		typeof value === "string" ? [value] : isRecord(value) ? Object.values(value).flatMap(strings) : [];
	for (const [, , , type, properties] of events) {
		if (!isRecord(properties)) continue;
		if (type === "message.part.delta") said.push(String(properties.delta));
		const { part } = properties;
		if (!isRecord(part)) continue;
		said.push(String(part.text ?? ""));
		const { input, output, error } = isRecord(part.state) ? part.state : {};
		// What failed is told in its own words, which may repeat what was given.
		failed.push(...strings(error));
		said.push(...strings(input));
		said.push(...strings(output));
	}
	// Paths are shown, and what a permission is asked for, since somebody has to answer it; short words stand in names as well.
	const asked = new Set(
		events.flatMap(([, , , , properties]) => (isRecord(properties) ? properties.patterns : [])),
	);
	return [...new Set(said)].filter(
		(text) =>
			text.length >= 24 &&
			!/^[\w./-]+$/.test(text) &&
			!asked.has(text) &&
			!failed.some((words) => words.includes(text)),
	);
}

/** What a reader makes of a stream without its words. */
function shapeOf(events: readonly StreamEvent[]) {
	const conversation = createConversation();
	const signals = noSignals();
	for (const event of events) {
		apply(conversation, event);
		foldSignals(signals, eventOf(event), event[1]);
	}
	const sessions = [...conversation.sessions.all.values()].map(({ messages }) =>
		messages.map(({ info, parts }) => ({
			...{ id: info.id, role: info.role, cost: info.cost, error: info.error?.name },
			parts: parts.map((part) =>
				isToolPart(part)
					? [part.id, part.tool, toolOutcome(part), part.state.time]
					: [part.id, part.type, "time" in part ? part.time : null],
			),
		})),
	);
	return {
		sessions,
		steps: signals.steps,
		loop: signals.loops.current && { ...signals.loops.current, input: "" },
	};
}

test.each(RECORDINGS)(
	"SEC-4: %s hidden says nothing that was said, and still tells what happened",
	async (name) => {
		const whole = await recorded(name);
		const hidden = whole.map((segment) => hide(segment));
		const text = hidden.map((segment) => segment.text).join("\n");
		const said = saidIn(eventsIn(whole));
		expect(said.length).toBeGreaterThan(0);
		expect(said.filter((words) => text.includes(JSON.stringify(words).slice(1, -1)))).toEqual([]);
		expect(eventsIn(hidden).map(([seq, at, id, type]) => [seq, at, id, type])).toEqual(
			eventsIn(whole).map(([seq, at, id, type]) => [seq, at, id, type]),
		);
		expect(shapeOf(eventsIn(hidden))).toEqual(shapeOf(eventsIn(whole)));
		for (const [at, segment] of hidden.entries())
			expect({ ...segment, text: "", bytes: 0 }).toEqual({ ...whole[at], text: "", bytes: 0 });
	},
);

test("SEC-4: a hidden text is known again but not by trying: its name depends on a secret", async () => {
	const [segment] = await recorded(RECORDINGS[0] ?? "");
	if (!segment) throw new Error("nothing recorded");
	const names = (text: string) => [...text.matchAll(/"hidden:([0-9a-f]{16})"/g)].map(([, name]) => name);
	const one = names(hide(segment).text);
	expect(one.length).toBeGreaterThan(0);
	expect(names(hide(segment).text)).toEqual(one);
	expect(names(hide(segment, "another").text).some((name) => one.includes(name))).toBe(false);
});

test("SEC-4: an event of a kind that is not known is hidden with all its words", () => {
	const text = JSON.stringify({
		...{ from: 1, to: 1, at: 1, attempt: null, mark: "m" },
		events: [[1, 1, null, "diary.written", { sessionID: "ses_1", deep: [{ note: "a secret plan" }] }]],
	});
	const hidden = hide(stored({ text })).text;
	expect(hidden).not.toContain("secret plan");
	expect(hidden).toContain("Hidden: 3 words");
	expect(hidden).toContain("ses_1");
});

test("SEC-4: what a tool was given is hidden under whatever name, but for where it worked; of its output only its own last words of an end stay", () => {
	const said = "the customer's own words, which nobody may read";
	const part = {
		...{ id: "p1", messageID: "m1", sessionID: "s1", type: "tool", tool: "ticket" },
		state: {
			status: "completed",
			input: { reason: said, source: said, error: { name: said }, patterns: [said], filePath: "src/cart.js" },
			metadata: { title: said, name: said, exit: 1 },
			output: `<shell_metadata>${said}</shell_metadata> and <shell_metadata>timed out</shell_metadata>`,
		},
	};
	const text = JSON.stringify({
		...{ from: 1, to: 1, at: 0, attempt: null, mark: "m" },
		events: [[1, 0, null, "message.part.updated", { part }]],
	});
	const hidden = hide(stored({ text })).text;
	expect(hidden).not.toContain(said);
	expect(hidden).toContain("src/cart.js");
	expect(hidden).toContain("<shell_metadata>timed out</shell_metadata>");
});
