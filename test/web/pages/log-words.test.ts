import { expect, test } from "vitest";
import { logLine } from "../../../web/town/log-words.ts";
import { clockTime } from "../../../web/ui/format/time.ts";

const id = "d3513b32-492e-51b9-a5f9-bedea24bc54d";
const nameOf = (of: string) => (of === id ? "Warden" : null);

test("P8: a line of the log has the reader's time and the names of the page; what it does not know stays as it is", () => {
	const stamp = "2026-11-22T13:04:24.083Z";
	expect(logLine(`${stamp} agent ${id} started as 4015`, nameOf)).toBe(
		`${clockTime(Date.parse(stamp))}  agent Warden started as 4015`,
	);
	const unknown = "agent 00000000-492e-51b9-a5f9-bedea24bc54d at 2026-11-22T13:04:24Z";
	expect(logLine(unknown, nameOf)).toBe(unknown);
});
