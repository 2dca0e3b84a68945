import { expect, test } from "vitest";
import { type IngestClient, Refused } from "../../../local/played/ingest-client.ts";
import { streamProducer } from "../../../local/played/stream-producer.ts";
import type { AgentEventsReport } from "../../../shared/ingest/index.ts";

const event = (n: number) => ({ at: n, id: `evt_${n}`, type: "message.part.delta", properties: { n } });

/** A worker that keeps what it is sent; `answer` may refuse. */
function worker(answer: (batch: AgentEventsReport) => { interval: number } | Refused) {
	const batches: AgentEventsReport[] = [];
	const client = {
		async post(_: string, body: unknown) {
			const batch = body as AgentEventsReport;
			const said = answer(batch);
			if (said instanceof Refused) throw said;
			batches.push(batch);
			return said;
		},
	} as unknown as IngestClient;
	return { batches, client };
}

const producer = (client: IngestClient, onRefused: (refused: Refused) => void = () => undefined) =>
	streamProducer({ client, agent: "a", attempt: null, bead: null, producer: "p", onRefused });

test("STREAM-1: batches are numbered from 1 without a gap, in order, with every event once", async () => {
	const { batches, client } = worker(() => ({ interval: 1 }));
	const stream = producer(client);
	for (let n = 0; n < 3_500; n++) stream.push(event(n));
	await stream.flush();
	stream.push(event(3_500));
	await stream.close();
	expect(batches.map(({ seq }) => seq)).toEqual(batches.map((_, n) => n + 1));
	expect(batches.every(({ events }) => events.length <= 1_000)).toBe(true);
	expect(batches.flatMap(({ events }) => events.map(({ at }) => at))).toEqual(
		Array.from({ length: 3_501 }, (_, n) => n),
	);
});

test("STREAM-1: a stream that is refused ends, and says so once", async () => {
	const refusals: Refused[] = [];
	const { batches, client } = worker(() => new Refused("agent-events", 403, null));
	const stream = producer(client, (refused) => refusals.push(refused));
	stream.push(event(1));
	await stream.flush();
	stream.push(event(2));
	await stream.close();
	expect(batches).toEqual([]);
	expect(refusals).toHaveLength(1);
});
