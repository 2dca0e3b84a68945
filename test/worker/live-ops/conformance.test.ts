import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { TOWN_TABLES } from "../../../shared/gastown/index.ts";
import type { AgentDO } from "../../../worker/agent-do.ts";
import { conform, tableOf } from "../../conformance/kit/run.ts";
import type { Line, Subject } from "../../conformance/kit/subject.ts";
import { openLine } from "../../conformance/support/line.ts";
import { because, WATCHED_TABLES, type WatchedDO } from "../support/watched-do.ts";
import { workingTown } from "../town/support.ts";

/** An object of live-ops alone. */
async function watchedSubject() {
	const stub = env.WATCHED.get(env.WATCHED.newUniqueId());
	const inside = <T>(fn: (object: WatchedDO) => T) => runInDurableObject(stub, fn as never) as Promise<T>;
	const subject: Subject = {
		tables: WATCHED_TABLES,
		open: (subscriber) => openLine(stub, subscriber),
		exec: (...statements) =>
			inside(({ live }) =>
				live.run(because("kit"), () =>
					statements.map(([sql, ...bindings]) => live.sql.all(sql, ...bindings)),
				),
			),
		stir: () => inside((object) => object.bump("stirred")),
	};
	return { subject, inside };
}

const failed = async (subject: Subject) =>
	(await conform(subject)).flatMap(({ rule, outcome, difference }) =>
		outcome === "failed" ? [{ rule, difference }] : [],
	);

/** The same feed by way of something that spoils what it says. */
function spoiled(subject: Subject, spoil: (text: string, send: (text: string) => void) => void): Subject {
	const open = async (subscriber: string): Promise<Line> => {
		const line = await subject.open(subscriber);
		return {
			...line,
			listen: (heard) => line.listen((text) => (text === null ? heard(null) : spoil(text, heard))),
		};
	};
	return { ...subject, open };
}

test("FEED-1: the conformance kit finds nothing wrong with live-ops", async () => {
	const { subject, inside } = await watchedSubject();
	const young = await conform(subject);
	expect(
		young.filter(({ outcome }) => outcome === "failed"),
		tableOf(young),
	).toEqual([]);
	await inside(({ live }) => {
		live.limits = { ...live.limits, changes: 10 };
		for (let n = 0; n < 100; n++) live.compact();
	});
	const old = await conform(subject);
	expect(
		old.filter(({ outcome, rule }) => outcome !== "passed" && !rule.startsWith("STREAM")),
		tableOf(old),
	).toEqual([]);
});

test("FEED-1, STREAM-1: nor with a town and an agent of ours", async () => {
	const town = await workingTown(`town-${crypto.randomUUID().slice(0, 8)}`);
	const agent = `agent-${crypto.randomUUID()}`;
	const stub = env.AGENT.getByName(agent);
	const append = (producer: string, producerSeq: number, events: object[]) =>
		stub.append({
			...{ town: town.id, agent, attempt: null, bead: null, producer, producerSeq },
			events: events as never,
		});
	let emitted = 0;
	const subject: Subject = {
		tables: TOWN_TABLES,
		open: (subscriber) => openLine(env.TOWN.getByName(town.id), subscriber),
		stir: () => town.must("updateBead", { bead_id: "bead-1", fields: { title: "stirred" } }),
		stream: {
			open: (subscriber) => openLine(stub, subscriber, town.id),
			emit: (type, properties) => append("emit", ++emitted, [{ at: Date.now(), id: null, type, properties }]),
			append: (producer, producerSeq, texts) =>
				append(
					producer,
					producerSeq,
					texts.map((text) => ({
						at: 1,
						id: `${producer}-${text}`,
						type: "file.edited",
						properties: { text },
					})),
				),
			body: (ref, piece) => stub.query(town.id, { kind: "body", agent, ref, piece }) as Promise<unknown>,
			prune: () =>
				runInDurableObject(stub, async (object: AgentDO) => {
					object.clock = () => Date.now() + 2 * object.limits.ageMs;
					await object.alarm();
				}),
		},
	};
	await append("emit", ++emitted, []);
	const findings = await conform(subject);
	const table = tableOf(findings);
	expect(
		findings.filter(({ outcome }) => outcome === "failed"),
		table,
	).toEqual([]);
	expect(
		findings.filter(({ rule, outcome }) => rule.startsWith("STREAM") && outcome !== "passed"),
		table,
	).toEqual([]);
});

test("FEED-2: the kit finds a gap", async () => {
	const { subject } = await watchedSubject();
	const broken = spoiled(subject, (text, heard) => {
		const message = JSON.parse(text);
		if (message.batches?.length > 2) message.batches.splice(1, 1);
		heard(JSON.stringify(message));
	});
	expect(JSON.stringify(await failed(broken))).toContain("FEED-2 the seq that follows");
});

test("FEED-5: the kit finds half a batch", async () => {
	const { subject } = await watchedSubject();
	const broken = spoiled(subject, (text, heard) => {
		const message = JSON.parse(text);
		for (const batch of message.batches ?? []) if (batch.changes.length > 1) batch.changes.pop();
		heard(JSON.stringify(message));
	});
	expect(JSON.stringify(await failed(broken))).toContain("is whole");
	// Cut into two that each look whole.
	const halved = spoiled(subject, (text, heard) => {
		const message = JSON.parse(text);
		message.batches = message.batches?.flatMap((batch: { from: number; to: number; changes: unknown[] }) => {
			const [first, ...rest] = batch.changes;
			if (rest.length === 0) return [batch];
			return [
				{ ...batch, to: batch.from, changes: [first] },
				{ ...batch, from: batch.from + 1, changes: rest },
			];
		});
		heard(JSON.stringify(message));
	});
	expect(await failed(halved)).toMatchObject([
		{ rule: "FEED-5", difference: expect.stringContaining("holds only a part of the turn") },
	]);
});

test("FEED-1: the kit finds a ghost after INSERT OR REPLACE", async () => {
	const { subject, inside } = await watchedSubject();
	await inside(({ live }) => live.sql.run("PRAGMA recursive_triggers = OFF"));
	expect((await failed(subject)).filter(({ rule }) => rule === "FEED-1")).toMatchObject([
		{ difference: expect.stringContaining("a ghost") },
	]);
});

test("FEED-1: the kit finds a write that nobody was told of", async () => {
	const { subject, inside } = await watchedSubject();
	await inside(({ live }) => live.sql.run("DROP TRIGGER capture_things_update"));
	expect((await failed(subject)).map(({ rule }) => rule)).toContain("FEED-1");
});

test("FEED-6: the kit finds a secret that is shown", async () => {
	const { subject } = await watchedSubject();
	const { things } = WATCHED_TABLES;
	const told = {
		...things,
		columns: { ...things.columns, title: { ...things.columns.title, secret: true } },
	};
	const found = await failed({ ...subject, tables: { ...WATCHED_TABLES, things: told } });
	expect(found.find(({ rule }) => rule === "FEED-6")?.difference).toContain("things.title is shown");
});

test("FEED-2: the kit finds a reset that does not come", async () => {
	const { subject } = await watchedSubject();
	const open = async (subscriber: string): Promise<Line> => {
		const line = await subject.open(subscriber);
		let heard: (text: string | null) => void = () => {};
		return {
			...line,
			listen(listener) {
				heard = listener;
				line.listen(listener);
			},
			// Takes every cursor for the head.
			send(text) {
				const { cursor } = JSON.parse(text);
				if (cursor === null) line.send(text);
				else heard(JSON.stringify({ t: "head", position: cursor, horizon: 0, now: 0 }));
			},
		};
	};
	const resets = (await failed({ ...subject, open })).filter(({ difference }) =>
		difference.includes("whole state"),
	);
	expect(resets.map(({ rule }) => rule)).toEqual(["FEED-2", "FEED-2", "FEED-2"]);
});
