import { expect, test } from "vitest";
import { tables } from "./foreign/tables.ts";
import { foreignAgent, newForeignTown } from "./foreign/town.ts";
import { conform, tableOf } from "./kit/run.ts";
import type { Subject } from "./kit/subject.ts";
import { openLine } from "./support/line.ts";

test("FEED-10: the objects of another script, wrapped, conform to FEED-1 to FEED-6 and STREAM-1 to STREAM-3", async () => {
	const { id, stub } = await newForeignTown();
	const agent = `agent-${id}`;
	await stub.createAgent(agent, agent);
	const events = foreignAgent(agent);
	const subject: Subject = {
		tables,
		open: (subscriber) => openLine(stub, subscriber),
		exec: async (...statements) => (await stub.exec(...statements)) as Record<string, unknown>[][],
		stir: () => stub.sling(agent, "bead-1"),
		stream: {
			open: (subscriber) => openLine(events, subscriber, id),
			emit: (type, properties) => events.appendEvent(type, properties),
			body: (ref, piece) => events.query(id, { kind: "body", agent, ref, piece }),
		},
	};
	const findings = await conform(subject);
	const table = tableOf(findings);
	expect(
		findings.filter(({ outcome }) => outcome === "failed"),
		table,
	).toEqual([]);
	// It takes no batches and is not told to prune, and its log is too young for a horizon.
	expect(
		findings.filter(({ outcome }) => outcome === "not tried").map(({ rule }) => rule),
		table,
	).toEqual(["FEED-4", "STREAM-1", "STREAM-3"]);
});
