import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";

/** One SDK event as the ingest API takes it; `at` in epoch milliseconds of emission. */
export type RecordedEvent = { at: number; id: string | null; type: string; properties: unknown };

export type Recording = {
	/** One JSON text a line, as recorded: `{"t": milliseconds since the start, "event": {…}}`. */
	lines: string[];
	/** Wall time of t = 0, epoch milliseconds. */
	startedAt: number;
	/** Length in milliseconds. */
	length: number;
};

/** Where the recordings of real agents are; the tests of the fold use the same files. */
const FOLDER = resolve(import.meta.dirname, "../../test/fixtures/sdk");

const cache = new Map<string, Recording>();

/**
 * Reads a recording such as `happy-path`, `opencode-loop`, or one agent of a recorded town, `town:toast`.
 * Throws where there is none.
 */
export function recording(name: string): Recording {
	const known = cache.get(name);
	if (known) return known;
	const [file = "", agent] = name.split(":");
	const lines = gunzipSync(readFileSync(resolve(FOLDER, `${file}.jsonl.gz`)))
		.toString("utf8")
		.split("\n")
		.filter((line) => line !== "" && (agent === undefined || line.includes(`"agent":"${agent}"`)));
	const first = timeOf(lines[0]);
	const trimmed = { lines, startedAt: wallStart(lines), length: timeOf(lines.at(-1)) };
	// An agent that joined a recorded town late begins at once.
	const loaded = { ...trimmed, startedAt: trimmed.startedAt + first, length: trimmed.length - first };
	cache.set(name, loaded);
	return loaded;
}

/** The recording's events as of a fresh run that starts at `startAt`: all ids and times moved there, in order. */
export function* replay(source: Recording, startAt: number, tag: string): Generator<RecordedEvent> {
	const shift = Math.round(startAt - source.startedAt);
	const first = timeOf(source.lines[0]);
	for (const line of source.lines) {
		const { t, event } = JSON.parse(moved(line, shift, tag)) as { t: number; event: SdkEvent };
		yield {
			at: Math.round(startAt + t - first),
			id: event.id ?? null,
			type: event.type,
			properties: payload(event),
		};
	}
}

type SdkEvent = { id?: string; type: string; properties?: unknown; syncEvent?: unknown };

/** `sync` twins have no properties; the server drops them, as the container sends whatever the agent emits. */
const payload = (event: SdkEvent): unknown =>
	event.properties ?? (event.syncEvent ? { syncEvent: event.syncEvent } : {});

/** 12 hex digits of time and counter, then random characters: sdk-events §1. Session ids count down. */
const ID = /\b(ses|msg|prt|evt|per|que|pty|tool)_([0-9a-f]{12})([0-9A-Za-z]{12})[0-9A-Za-z]{2}\b/g;
/** Epoch milliseconds of the recording days, wherever they stand in an event. */
const TIME = /\b179[5-6]\d{9}\b/g;
const WRAP = 2n ** 48n;

/**
 * Moves every id and time of one line by `shift` milliseconds and ends each id with `tag` (two characters), so that a replay
 * has ids of its own that sort as the recorded ones do.
 */
function moved(line: string, shift: number, tag: string): string {
	const ticks = BigInt(shift) * 4096n;
	return line
		.replace(ID, (_, kind: string, time: string, random: string) => {
			const at = BigInt(`0x${time}`) + (kind === "ses" ? -ticks : ticks);
			return `${kind}_${(((at % WRAP) + WRAP) % WRAP).toString(16).padStart(12, "0")}${random}${tag}`;
		})
		.replace(TIME, (time) => String(Number(time) + shift));
}

const timeOf = (line: string | undefined): number => Number(/^\{"t":([\d.]+)/.exec(line ?? "")?.[1] ?? 0);

/** The session's creation is stamped with its wall time: what is left after its `t` is when the recording began. */
function wallStart(lines: string[]): number {
	const created = lines.find((line) => line.includes('"type":"session.created"')) ?? "";
	const wall = /"time":\{"created":(\d{13})/.exec(created)?.[1];
	if (!wall) throw new Error("a recording has no session.created with a time");
	return Number(wall) - timeOf(created);
}
