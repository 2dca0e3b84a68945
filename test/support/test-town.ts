import { randomUUID } from "node:crypto";
import { type IngestClient, ingestClient } from "../../local/played/ingest-client.ts";
import { type StreamProducer, streamProducer } from "../../local/played/stream-producer.ts";
import type { Settings } from "../../scripts/lib/settings.ts";

export type TestTown = {
	id: string;
	client: IngestClient;
	rig: string;
	/** Ids of its agents. */
	agents: string[];
	/** Creates so many beads and answers their ids. */
	beads(count: number): Promise<string[]>;
	/** A producer of one agent's stream, whose first event opens the text that `numbered` goes on with. */
	stream(agent: string): StreamProducer;
};

/** A town of the test's own, made through the container's API like any other. */
export async function testTown(settings: Settings, agentNames: string[]): Promise<TestTown> {
	const id = `test-${randomUUID().slice(0, 8)}`;
	const client = ingestClient(settings.url, id, settings.secrets.CONTAINER_TOKEN_SECRET);
	const rig = `${id}.rig`;
	await client.gastown("createTown", {
		name: `Test ${id}`,
		owner_type: "user",
		owner_id: "oauth/github:7781920",
	});
	// The test plays its container: nothing is to be started here.
	await client.gastown("setTownState", { key: "config", value: { external_container: true } });
	await client.gastown("createRig", { id: rig, name: "rig" });
	const agents = agentNames.map((name) => `${id}.${name}`);
	for (const [n, agent] of agents.entries())
		await client.gastown("createAgent", {
			id: agent,
			role: "polecat",
			name: agentNames[n] ?? "",
			rig_id: rig,
		});
	await client.post("container-events", { type: "start", instance_id: randomUUID() });
	return {
		...{ id, client, rig, agents },
		async beads(count) {
			const ids = Array.from({ length: count }, (_, n) => `${id}.bead-${String(n).padStart(5, "0")}`);
			for (let n = 0; n < count; n += 8)
				await Promise.all(
					ids
						.slice(n, n + 8)
						.map((bead, m) =>
							client.gastown("createBead", { id: bead, title: `Bead number ${n + m}`, rig_id: rig }),
						),
				);
			return ids;
		},
		stream(agent) {
			const producer = streamProducer({
				...{ client, agent, attempt: null, bead: null, producer: `${agent}:${randomUUID()}` },
				onRefused: (refused) => {
					throw refused;
				},
			});
			producer.push(opening());
			return producer;
		},
	};
}

const TEXT = { sessionID: "ses_test", messageID: "msg_test" };

const opening = () => ({
	at: Date.now(),
	id: null,
	type: "message.part.updated",
	properties: {
		sessionID: TEXT.sessionID,
		part: { ...TEXT, id: "prt_test", type: "text", text: "", time: { start: Date.now() } },
	},
});

/** A numbered event that the stream keeps whole: text that an agent says, one piece at a time. */
export const numbered = (n: number) => ({
	at: Date.now(),
	id: `evt_${n.toString(16).padStart(12, "0")}00000000000000`,
	type: "message.part.delta",
	properties: {
		...TEXT,
		partID: "prt_test",
		field: "text",
		delta: `${n} words. `,
	},
});
