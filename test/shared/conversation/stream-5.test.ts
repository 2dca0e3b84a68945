import { describe, expect, test } from "vitest";
import { conversationOf, type EventInput, type Message } from "../../../shared/conversation/index.ts";
import {
	asOldKilo,
	eventsOf,
	type Final,
	finalOf,
	RECORDINGS,
	type Recorded,
} from "../../support/recordings.ts";
import { except, expected } from "./exceptions.ts";

/** Folds and compares each session; answers how many parts needed which exception. */
function compare(events: readonly EventInput[], final: Final): Record<string, number> {
	const total: Record<string, number> = {};
	for (const [session, { messages: theirs }] of Object.entries(final)) {
		const { messages, seen } = except(conversationOf(events, session), theirs);
		expect(messages).toEqual(theirs);
		for (const [name, count] of Object.entries(seen)) total[name] = (total[name] ?? 0) + count;
	}
	return total;
}

/** In the order of arrival, every event a second time: at once, or later in runs as a ring buffer is sent again. */
const twice = (events: readonly Recorded[]) => events.flatMap((event) => [event, event]);
const replayed = (events: readonly Recorded[]) =>
	events.flatMap((event, index) =>
		index % 500 === 499 ? [event, ...events.slice(index - 499, index + 1)] : [event],
	);

describe.each(RECORDINGS)("STREAM-5: %s", async (name) => {
	const events = await eventsOf(name);
	const final = await finalOf(name);

	test("STREAM-5: the fold equals what the agent's own server says", () => {
		expect(compare(events, final)).toEqual(expected(name));
	});

	test("STREAM-5: without sync twins, with every event twice, or with runs sent again", () => {
		expect(
			compare(
				events.filter(({ type }) => type !== "sync"),
				final,
			),
		).toEqual(expected(name));
		expect(compare(twice(events), final)).toEqual(expected(name));
		expect(compare(replayed(events), final)).toEqual(expected(name));
	});

	test("STREAM-5: as the older version sends it, without ids", () => {
		expect(compare(asOldKilo(events), final)).toEqual(expected(name));
	});

	test("STREAM-5: without any delta only liveness is lost, but for text that was never closed", () => {
		const without = events.filter(({ type }) => type !== "message.part.delta");
		const { "cut off text": _, ...others } = expected(name);
		expect(compare(without, final)).toEqual(others);
	});

	test.each([0.1, 0.5, 0.9])("STREAM-5: with the first %d of it lost", (part) => {
		const kept = events.slice(Math.floor(events.length * part));
		for (const [session, { messages: theirs }] of Object.entries(final)) {
			const { messages } = except(conversationOf(kept, session), theirs);
			expect(messages).toEqual(remembered(kept, session, theirs));
		}
	});
});

/**
 * What a stream without its beginning can know: a message once it, or a part of it, was told; its parts as far as they
 * were; of its info only the ids where that was not.
 */
function remembered(events: readonly Recorded[], session: string, theirs: Message[]): Message[] {
	const infos = new Set<unknown>();
	const parts = new Set<unknown>();
	for (const { type, properties = {} } of events) {
		if (type === "message.updated") infos.add((properties.info as { id: string }).id);
		if (type === "message.part.updated") parts.add((properties.part as { id: string }).id);
	}
	return theirs
		.map((message) => ({
			info: infos.has(message.info.id) ? message.info : { id: message.info.id, sessionID: session },
			parts: message.parts.filter(({ id }) => parts.has(id)),
		}))
		.filter(({ info, parts }) => infos.has(info.id) || parts.length > 0);
}

test("STREAM-5: without a session it is the agent's own: not its children, not a deleted fork", async () => {
	for (const name of ["subagent", "lifecycle", "happy-path", "opencode-loop"]) {
		const [root] = Object.keys(await finalOf(name));
		const events = await eventsOf(name);
		expect(conversationOf(events)).toEqual(conversationOf(events, root));
	}
});

test("STREAM-5: a child's events alone are that child's conversation", async () => {
	const final = await finalOf("subagent");
	const [, child = ""] = Object.keys(final);
	const events = (await eventsOf("subagent")).filter(({ properties }) => properties?.sessionID === child);
	expect(conversationOf(events)).toEqual(final[child]?.messages);
});

test("STREAM-5: on a shared server of the older version other agents' messages are not this agent's", async () => {
	const final = await finalOf("two-agents");
	const [own = "", other = ""] = Object.keys(final);
	// What the container lets through: events whose session id is on top only of its own session (domain.md §3.3).
	const events = asOldKilo(await eventsOf("two-agents")).filter(
		({ properties }) => properties?.sessionID === undefined || properties.sessionID === own,
	);
	expect(conversationOf(events, other).length).toBeGreaterThan(0);
	expect(conversationOf(events)).toEqual(conversationOf(events, own));
	expect(conversationOf(events).map(({ info }) => info.id)).toEqual(
		final[own]?.messages.map(({ info }) => info.id),
	);
});
