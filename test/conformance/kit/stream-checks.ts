import { StreamReader } from "./stream-reader.ts";
import { Broken, type Check, notTried, type StreamSubject, type Subject, same } from "./subject.ts";

type Emitting = StreamSubject & Required<Pick<StreamSubject, "emit">>;

function streamOf(subject: Subject): StreamSubject {
	return subject.stream ?? notTried("needs an agent's stream");
}
function emitting(subject: Subject): Emitting {
	const stream = streamOf(subject);
	if (!stream.emit) notTried("needs a way to emit events");
	return stream as Emitting;
}
const numbered = (n: number) => ({ sessionID: "kit", n });

export const STREAM_CHECKS: Check[] = [
	{
		rule: "STREAM-1",
		tried: "events come once, in order and whole, live and to who follows later",
		async run(subject) {
			const stream = emitting(subject);
			const live = await (await StreamReader.open(stream)).follow(null);
			const before = live.events.length;
			for (let n = 0; n < 50; n++) await stream.emit("session.status", numbered(n));
			await live.until(() => live.events.length >= before + 50, "50 events");
			same(
				"what was emitted",
				live.events.slice(before).map((event) => event[4]),
				Array.from({ length: 50 }, (_, n) => numbered(n)),
			);
			const later = await (await StreamReader.open(stream)).follow(null);
			same("what a later follower is told", later.events.slice(-50), live.events.slice(-50));
			live.close();
			later.close();
		},
	},
	{
		rule: "STREAM-1",
		tried: "a repeated batch stores nothing, a producer's gap is refused with the seq that is expected",
		async run(subject) {
			const { append, ...stream } = streamOf(subject);
			if (!append) return notTried("this object takes no batches: it hears what its host stores");
			const producer = `kit-${crypto.randomUUID()}`;
			const first = await append(producer, 1, ["one", "two"]);
			const repeated = await append(producer, 1, ["one", "two"]);
			same("a repeat", repeated, { ...(first as object), duplicate: true });
			const gap = (await append(producer, 5, ["late"])) as { ok: boolean; code: string; expected: number };
			same("a gap", [gap.ok, gap.code, gap.expected], [false, "gap", 2]);
			const reader = await (await StreamReader.open(stream)).follow(null);
			const texts = reader.events.filter(([, , id]) => id?.startsWith(producer)).length;
			same("events of the producer", texts, 2);
			reader.close();
		},
	},
	{
		rule: "STREAM-1",
		tried: "a cursor that holds gets what follows; one of another epoch or mark begins anew and says why",
		async run(subject) {
			const stream = emitting(subject);
			await stream.emit("session.status", numbered(1));
			const first = await (await StreamReader.open(stream)).follow(null);
			const cursor = first.position ?? notTried("nothing was emitted");
			await stream.emit("session.status", numbered(2));
			const next = await (await StreamReader.open(stream)).follow(cursor);
			same(
				"what follows",
				next.events.map((event) => event[4]),
				[numbered(2)],
			);
			same("resets", next.resets, []);
			for (const [reason, other] of [
				["epoch", { ...cursor, epoch: "another" }],
				["mark", { ...cursor, mark: "another" }],
				["ahead", { ...cursor, seq: cursor.seq + 1_000_000 }],
			] as const) {
				const reader = await (await StreamReader.open(stream)).follow(other);
				same("the reason", reader.resets, [reason]);
				reader.close();
			}
			first.close();
			next.close();
		},
	},
	{
		rule: "STREAM-2",
		tried: "a body of 1 MB is cut with its true size, and is there whole on demand",
		async run(subject) {
			const stream = emitting(subject);
			const text = `${"long output of a tool\n".repeat(50_000)}end`;
			const reader = await (await StreamReader.open(stream)).follow(null);
			const before = reader.events.length;
			await stream.emit("file.edited", { output: text });
			await reader.until(() => reader.events.length > before, "the event");
			const told = reader.events.at(-1)?.[4] as { output?: { $body?: string; size?: number } } | undefined;
			const output = told?.output;
			if (typeof output?.$body !== "string") throw new Broken("it stands in the stream whole");
			same("its size", output.size, text.length);
			reader.close();
			if (!stream.body) return notTried("it is cut with its size; to fetch it needs a way to ask");
			let found = "";
			for (let piece = 0; found.length < text.length; piece++) {
				const { rows } = (await stream.body(output.$body, piece)) as { rows?: unknown[] };
				const part = rows?.[0] as { text?: string } | string | undefined;
				const more = typeof part === "string" ? part : part?.text;
				if (!more) throw new Broken(`piece ${piece} is missing after ${found.length} characters`);
				found += more;
			}
			if (found !== text) throw new Broken("the pieces are not the body");
		},
	},
	{
		rule: "STREAM-3",
		tried: "pruning moves the horizon, and who stood below it begins anew and is told",
		async run(subject) {
			const stream = emitting(subject);
			if (!stream.prune) return notTried("needs a way to prune");
			await stream.emit("session.status", numbered(1));
			const first = await (await StreamReader.open(stream)).follow(null);
			const cursor = first.position ?? notTried("nothing was emitted");
			first.close();
			for (let n = 2; n < 6; n++) await stream.emit("session.status", numbered(n));
			await stream.prune();
			const reader = await (await StreamReader.open(stream)).follow(cursor);
			same("the reason", reader.resets, ["horizon"]);
			if (reader.horizon <= cursor.seq)
				throw new Broken(`the horizon is ${reader.horizon}, and ${cursor.seq} was pruned`);
			same("the first event", reader.events[0]?.[0], reader.horizon);
			reader.close();
		},
	},
];
