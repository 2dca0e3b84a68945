import { expect, test } from "vitest";
import type { DispatchAttempt } from "../../../shared/gastown/index.ts";
import { incidentDocument } from "../../../web/incident/document.ts";
import type { Incident } from "../../../web/incident/incident.ts";

const at = Date.parse("2026-11-26T12:00:00Z");
const session = "ses_1";
const bad = `</script><img src=x onerror="alert(1)">`;

const incident: Incident = {
	townwatch: "incident",
	version: 1,
	town: { id: "t1", name: `Harbor ${bad}`, owner: "u1" },
	range: { from: at, to: at + 60_000 },
	saved: { at: at + 61_000, by: "ada@townwatch.example", reason: "case 4711" },
	findings: [],
	changes: [],
	conversations: [
		{
			attempt: {
				attempt_id: "a1",
				agent_id: "toast",
				bead_id: "b1",
				n: 2,
				outcome: "started",
			} as DispatchAttempt,
			hidden: false,
			events: [
				[1, at, null, "session.created", { info: { id: session } }],
				[
					2,
					at,
					null,
					"message.updated",
					{ info: { id: "m1", sessionID: session, role: "assistant", time: { created: at } } },
				],
				[
					3,
					at,
					null,
					"message.part.updated",
					{ part: { id: "p1", messageID: "m1", sessionID: session, type: "text", text: `Look: ${bad}` } },
				],
				[
					4,
					at,
					null,
					"message.part.updated",
					{
						part: {
							...{ id: "p2", messageID: "m1", sessionID: session, type: "tool", tool: "bash" },
							state: {
								status: "completed",
								input: { command: "npm test" },
								output: "1 failed",
								metadata: { exit: 1 },
							},
						},
					},
				],
			],
		},
	],
	ledger: [],
	proof: `{"townwatch":"ledger"}\n`,
	leftOut: ["The beginning of the change log."],
};

test("an incident file says what it is, whose, when and by whom, and what is not in it", () => {
	const text = incidentDocument(incident, () => null);
	for (const part of [
		"owner u1",
		"2026-11-26T12:00:00.000Z",
		"ada@townwatch.example",
		"case 4711",
		"The beginning of the change log.",
	])
		expect(text).toContain(part);
	expect(text).toContain("exit 1");
	expect(text).toContain("npm test");
});

test("text of a town never becomes markup of the file, and its data can be read back", () => {
	const text = incidentDocument(incident, () => null);
	expect(text).not.toContain("<img");
	const json = /<script type="application\/json" id="incident">(.*)<\/script>/s.exec(text)?.[1] ?? "";
	expect(JSON.parse(json)).toEqual({ ...incident, proof: undefined });
	expect(decodeURIComponent(/href="data:application\/jsonl,([^"]*)"/.exec(text)?.[1] ?? "")).toBe(
		incident.proof,
	);
});
