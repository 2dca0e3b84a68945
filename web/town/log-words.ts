import { clockTime } from "../ui/format/time.ts";
import type { NameOf } from "./changes/values.ts";

const ISO_START = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)\s+/;
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** A line of a container's log for reading: its time short and in the reader's zone, ids as the names they have here. */
export function logLine(line: string, nameOf: NameOf): string {
	const stamp = ISO_START.exec(line);
	const at = Date.parse(stamp?.[1] ?? "");
	const words = stamp ? line.slice(stamp[0].length) : line;
	const named = words.replace(ID, (id) => nameOf(id) ?? id);
	return Number.isNaN(at) ? named : `${clockTime(at)}  ${named}`;
}
