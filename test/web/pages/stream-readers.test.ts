// @vitest-environment node
import fc from "fast-check";
import { expect, test } from "vitest";
import { apply, createConversation, forget } from "../../../shared/conversation/index.ts";
import type { StreamEvent } from "../../../shared/protocol/index.ts";
import { finder } from "../../../web/agent/finder.ts";
import { lineReader, linesOf } from "../../../web/agent/lines/lines.ts";
import { blocksOf } from "../../../web/agent/open-text.ts";
import { housekeeping, rawReader } from "../../../web/agent/raw-rows.ts";

const ses = { sessionID: "ses" };
type Make = (seq: number) => [type: string, properties: Record<string, unknown>];
const id = fc.nat(5);
const make: fc.Arbitrary<Make> = fc.oneof(
	fc.tuple(id, fc.boolean(), fc.boolean()).map(([n, user, ended]): Make => (seq) => [
		"message.updated",
		{ ...ses, info: { ...ses, id: `msg_${n}`, role: user ? "user" : "assistant", time: { created: seq * 10, ...(ended ? { completed: seq * 10 } : {}) } } },
	]), // biome-ignore format: an event
	fc.tuple(id, fc.nat(3)).map(([n, p]): Make => () => [
		"message.part.updated",
		{ ...ses, part: { ...ses, id: `prt_${n}_${p}`, messageID: `msg_${n}`, type: "text", text: "says" } },
	]), // biome-ignore format: an event
	fc.tuple(id, fc.nat(9), fc.boolean()).map(([n, p, ok]): Make => () => [
		"message.part.updated",
		{ ...ses, part: { ...ses, id: `prt_${n}_r${p}`, messageID: `msg_${n}`, type: "tool", tool: "read", callID: `c${p}`, state: { status: ok ? "completed" : "running", input: { filePath: `f${p}` }, output: "", metadata: {}, time: { start: 1 } } } },
	]), // biome-ignore format: an event
	fc.tuple(id, fc.nat(3)).map(([n, p]): Make => () => [
		"message.part.updated",
		{ ...ses, part: { ...ses, id: `prt_${n}_s${p}`, messageID: `msg_${n}`, type: "step-finish", cost: 0 } },
	]), // biome-ignore format: an event
	fc.tuple(id, fc.nat(3)).map(([n, p]): Make => () => [
		"message.part.delta",
		{ ...ses, messageID: `msg_${n}`, partID: `prt_${n}_${p}`, field: "text", delta: "more" },
	]), // biome-ignore format: an event
	id.map(
		(n): Make =>
			() => ["message.removed", { ...ses, messageID: `msg_${n}` }],
	),
	fc.constant<Make>(() => [
		"session.error",
		{ ...ses, error: { name: "APIError", data: { message: "no" } } },
	]),
	fc.constant<Make>(() => ["agent.exited", { reason: "exited" }]),
	fc.constant<Make>(() => ["session.diff", ses]),
);
const eventsOf = (makes: readonly Make[]): StreamEvent[] =>
	[["session.created", { ...ses, info: { id: "ses" } }] as const, ...makes.map((one, n) => one(n + 2))].map(
		([type, properties], n): StreamEvent => [n + 1, 10 * (n + 1), `evt_${n + 1}`, type, properties],
	);

test("PAGE-3: lines made again from the first changed message are those made of the whole conversation", () => {
	let several = 0;
	fc.assert(
		fc.property(fc.array(make, { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), fc.nat(80), (makes, every, cut) => {
			const conversation = createConversation();
			const read = lineReader();
			const events = eventsOf(makes);
			events.forEach((event, n) => {
				apply(conversation, event);
				if (n === cut) forget(conversation, events.slice(Math.floor(n / 2), n + 1));
				if (n % every !== 0) return;
				const whole = n % 11 !== 0;
				const lines = read(conversation, whole);
				expect(lines).toEqual(linesOf(conversation, whole));
				several = Math.max(several, lines.length);
			});
		}),
		{ numRuns: 300 },
	); // biome-ignore format: a property
	expect(several).toBeGreaterThan(8);
});

test("PAGE-3: lines of messages before the changed one stay the same objects", () => {
	const conversation = createConversation();
	const read = lineReader();
	const begin = [0, 1, 2].flatMap((n): Make[] => [
		(seq) => ["message.updated", { ...ses, info: { ...ses, id: `msg_${n}`, role: "assistant", time: { created: seq } } }],
		() => ["message.part.updated", { ...ses, part: { ...ses, id: `prt_${n}`, messageID: `msg_${n}`, type: "text", text: "says" } }],
		() => ["message.part.updated", { ...ses, part: { ...ses, id: `prt_${n}_s`, messageID: `msg_${n}`, type: "step-finish", cost: 0 } }],
	]); // biome-ignore format: events
	const delta: Make = () => [
		"message.part.delta",
		{ ...ses, messageID: "msg_2", partID: "prt_2", field: "text", delta: "." },
	];
	const events = eventsOf([...begin, delta]);
	for (const event of events.slice(0, -1)) apply(conversation, event);
	const before = read(conversation);
	for (const event of events.slice(-1)) apply(conversation, event);
	const after = read(conversation);
	expect(after).toHaveLength(6);
	expect(after.map((line, n) => line === before[n])).toEqual([true, true, true, true, false, false]);
	expect(read(conversation)).toBe(after);
});

test("PAGE-3: raw rows that grow with the events are those of the whole list; what was there is not made anew", () => {
	fc.assert(
		fc.property(
			fc.array(make, { maxLength: 60 }),
			fc.array(fc.record({ upTo: fc.nat(60), drop: fc.nat(9), all: fc.boolean() }), { maxLength: 9 }),
			(makes, reads) => {
				const source = eventsOf(makes);
				const read = rawReader();
				let events: StreamEvent[] = [];
				let next = 0;
				for (const { upTo, drop, all } of reads) {
					while (next < Math.min(upTo, source.length)) events.push(source[next++] as StreamEvent);
					if (drop === 0) events = events.slice(3);
					const { rows, total } = read(events, all);
					const shown = events.flatMap((event, at) => {
						const before = events[at - 1];
						const row = { event, gap: before ? event[1] - before[1] : null };
						return all || !housekeeping(event[3]) ? [row] : [];
					});
					expect(total).toBe(events.length);
					expect(rows.map(({ event, gap }) => ({ event, gap }))).toEqual(shown);
					expect(read(events, all).rows).toBe(rows);
				}
			},
		),
	);
});

test("L8: hits of a growing list are those of the whole list; each text is read once", () => {
	const read: string[] = [];
	const find = finder<{ text: string }>(
		({ text }) => text,
		({ text }) => {
			read.push(text);
			return text;
		},
	);
	const items = [{ text: "A tide" }, { text: "quay" }];
	expect(find(items, "tide")).toEqual(["A tide"]);
	items.push({ text: "tide 2" });
	expect(find(items, "tide")).toEqual(["A tide", "tide 2"]);
	expect(find([...items].reverse(), "tide")).toEqual(["tide 2", "A tide"]);
	expect(read).toEqual(["A tide", "quay", "tide 2"]);
	expect(find(items, "quay")).toEqual(["quay"]);
	expect(find(items, "")).toEqual([]);
});

test("L6: a growing text is its blocks; those before the last stay as they are", () => {
	fc.assert(
		fc.property(fc.array(fc.constantFrom("word ", "line\n", "x".repeat(900), "\n\n")), fc.nat(30), (words, some) => {
			const text = words.join("").repeat(4);
			const begin = blocksOf(text.slice(0, text.length - some));
			const blocks = blocksOf(text);
			expect(blocks.slice(0, begin.length - 1)).toEqual(begin.slice(0, -1));
			expect(blocks.join("").replaceAll("\n", "")).toBe(text.replaceAll("\n", ""));
			expect(Math.max(...blocks.map(({ length }) => length))).toBeLessThanOrEqual(4_096);
		}),
	); // biome-ignore format: a property
});
