import type { Position, ResetReason } from "../../../shared/protocol/index.ts";
import { Reader } from "./reader.ts";
import { insert, keys, target, where, writing } from "./rows.ts";
import { Broken, type Check, notTried, type Subject, same } from "./subject.ts";

const SECRET = "conformance-secret-4d1f";
/** How long an object that the kit cannot stir is watched, milliseconds. */
const WATCHED_MS = 5_000;

const anyTarget = (subject: Subject, kind: "state" | "journal" = "state") =>
	target(subject, kind, ({ texts }) => texts.length > 0, `a ${kind} table with a text key and a text column`);

/** A reader of the whole state. */
async function whole(subject: Subject): Promise<Reader> {
	const reader = await Reader.open(subject);
	await reader.subscribe(null);
	return reader;
}

/** What was folded is what a new reader is told (FEED-1): a change that was not told, or a ghost, shows here. */
async function equalsState(subject: Subject, reader: Reader): Promise<void> {
	const fresh = await whole(subject);
	const { seq } = fresh.position as Position;
	await reader.until(() => (reader.position?.seq ?? 0) >= seq, `changes up to ${seq}`);
	if (reader.position?.seq !== seq)
		notTried("the object is too busy: its state moved on while it was compared");
	const journal = (id: string) => subject.tables?.[id.split(" ")[0] ?? ""]?.kind === "journal";
	for (const [id, row] of reader.rows)
		if (!fresh.rows.has(id) && !journal(id))
			throw new Broken(`${id} is gone, but no change told so: a ghost (${row})`);
	for (const [id, row] of fresh.rows) same(id, JSON.parse(reader.rows.get(id) ?? "null"), JSON.parse(row));
	fresh.close();
	reader.close();
}

/** Subscribes with a cursor that does not hold and looks for the whole state with its reason. */
async function resets(
	subject: Subject,
	reason: ResetReason,
	cursorOf: (good: Position) => Position,
): Promise<void> {
	const first = await whole(subject);
	const good = first.position as Position;
	if (good.seq === 0) notTried("nothing was ever written here");
	const reader = await Reader.open(subject);
	await reader.subscribe(cursorOf(good));
	if (reader.states.length === 0) throw new Broken(`wanted a whole state because of "${reason}", got none`);
	same("the reason", reader.states[0]?.reason, reason);
	if ((reader.position?.seq ?? 0) < good.seq)
		throw new Broken(`the state is of seq ${reader.position?.seq}, before ${good.seq}`);
	first.close();
	reader.close();
}

const id = () => `kit-${crypto.randomUUID()}`;

export const FEED_CHECKS: Check[] = [
	{
		rule: "FEED-1",
		tried: "what the object does by itself while it is watched is told, each batch with its cause (FEED-5)",
		async run(subject) {
			const reader = await whole(subject);
			if (subject.stir) await subject.stir();
			else await new Promise((resolve) => setTimeout(resolve, WATCHED_MS));
			await equalsState(subject, reader);
			const silent = reader.batches.find(({ cause }) => !cause);
			if (silent) throw new Broken(`the batch ${silent.from} to ${silent.to} names no cause`);
			if (reader.batches.length === 0) notTried(`nothing happened in ${WATCHED_MS / 1_000} s`);
		},
	},
	{
		rule: "FEED-1",
		tried: "insert, update, changed key and delete of a row are told; the fold equals the state",
		async run(subject) {
			const { exec } = writing(subject);
			const into = await anyTarget(subject);
			const [a, b, text] = [id(), id(), into.texts[0]];
			const reader = await whole(subject);
			await exec(insert("INSERT", into, into.row(a)));
			await reader.told(into.table.name, into.key(a), "put");
			await exec([
				`UPDATE "${into.table.name}" SET "${text}" = 'changed' WHERE ${where(into)}`,
				...keys(into, a),
			]);
			await exec([
				`UPDATE "${into.table.name}" SET ${into.table.key.map((name) => `"${name}" = ?`).join(", ")} WHERE ${where(into)}`,
				...[...keys(into, b), ...keys(into, a)],
			]);
			await reader.told(into.table.name, into.key(a), "del");
			await reader.told(into.table.name, into.key(b), "put");
			await exec(insert("INSERT", into, into.row(a)), [
				`DELETE FROM "${into.table.name}" WHERE ${where(into)}`,
				...keys(into, b),
			]);
			await reader.told(into.table.name, into.key(b), "del");
			await equalsState(subject, reader);
		},
	},
	{
		rule: "FEED-1",
		tried: "INSERT OR REPLACE that pushes another row out leaves no ghost",
		async run(subject) {
			const { exec } = writing(subject);
			const into = await target(
				subject,
				"state",
				({ unique }) => unique !== null,
				"a state table with a unique column besides its key",
			);
			const [a, b] = [id(), id()];
			await exec(insert("INSERT", into, into.row(a)));
			const reader = await whole(subject);
			const pushing = { ...into.row(b), [into.unique as string]: into.row(a)[into.unique as string] ?? null };
			await exec(insert("INSERT OR REPLACE", into, pushing));
			await reader.told(into.table.name, into.key(b), "put");
			await equalsState(subject, reader);
		},
	},
	{
		rule: "FEED-1",
		tried: "text of any length and kind fails no write and is told as it is in the state",
		async run(subject) {
			const { exec } = writing(subject);
			const into = await anyTarget(subject);
			const column = into.texts[0] as string;
			const reader = await whole(subject);
			for (const text of ["", '{"half":', "a\u0000b", "ä🦊\n\t\"'", "x".repeat(20_000)]) {
				const one = id();
				await exec(insert("INSERT", into, { ...into.row(one), [column]: text }));
				await reader.told(into.table.name, into.key(one), "put");
			}
			await equalsState(subject, reader);
		},
	},
	{
		rule: "FEED-2",
		tried: "a cursor that holds gets what follows, and no state",
		async run(subject) {
			const first = await whole(subject);
			const cursor = first.position as Position;
			first.close();
			if (subject.exec) {
				const into = await anyTarget(subject);
				await subject.exec(insert("INSERT", into, into.row(id())));
			}
			const reader = await Reader.open(subject);
			const { position } = await reader.subscribe(cursor);
			if (reader.states.length > 0)
				throw new Broken(`got a whole state because of "${reader.states[0]?.reason}"`);
			same("where it ends", reader.position?.seq, position.seq);
			if (subject.exec && position.seq === cursor.seq) throw new Broken("a write moved nothing");
			reader.close();
		},
	},
	{
		rule: "FEED-2",
		tried: "a cursor of another epoch gets a whole state with its reason",
		run: (subject) => resets(subject, "epoch", (good) => ({ ...good, epoch: "another" })),
	},
	{
		rule: "FEED-2",
		tried: "a cursor with another mark, as of a restored past, gets a whole state with its reason",
		run: (subject) => resets(subject, "mark", (good) => ({ ...good, mark: "another" })),
	},
	{
		rule: "FEED-2",
		tried: "a cursor beyond the head gets a whole state with its reason",
		run: (subject) => resets(subject, "ahead", (good) => ({ ...good, seq: good.seq + 1_000_000 })),
	},
	{
		rule: "FEED-3",
		tried: "subscribing while rows are written leaves no seam, with and without a cursor",
		async run(subject) {
			const { exec } = writing(subject);
			const into = await anyTarget(subject);
			const before = await whole(subject);
			const cursor = before.position as Position;
			const rows = Array.from({ length: 30 }, id);
			const written = Promise.all(rows.map((one) => exec(insert("INSERT", into, into.row(one)))));
			const readers = await Promise.all([Reader.open(subject), Reader.open(subject)]);
			await Promise.all([readers[0]?.subscribe(null), readers[1]?.subscribe(cursor)]);
			await written;
			for (const reader of readers) {
				const has = (one: string) => reader.rows.has(`${into.table.name} ${into.key(one)}`);
				await reader.until(() => rows.every(has), `the ${rows.length} rows that were written meanwhile`);
				reader.close();
			}
			await equalsState(subject, before);
		},
	},
	{
		rule: "FEED-3",
		tried: "a state of many rows comes in whole chunks of at most 256 KB, at one position",
		async run(subject) {
			const { exec } = writing(subject);
			const into = await anyTarget(subject);
			const column = into.texts[0] as string;
			for (let n = 0; n < 20; n++)
				await exec(
					...Array.from({ length: 10 }, () =>
						insert("INSERT", into, { ...into.row(id()), [column]: "y".repeat(3_000) }),
					),
				);
			const reader = await whole(subject);
			if (reader.states.length < 2) throw new Broken(`${reader.rows.size} rows came in one chunk`);
			reader.close();
		},
	},
	{
		rule: "FEED-4",
		tried: "rows of a journal are told live and are part of no state",
		async run(subject) {
			const { exec } = writing(subject);
			const into = await anyTarget(subject, "journal");
			const one = id();
			const reader = await whole(subject);
			await exec(insert("INSERT", into, into.row(one)));
			await reader.told(into.table.name, into.key(one), "put");
			const fresh = await whole(subject);
			if (fresh.rows.has(`${into.table.name} ${into.key(one)}`))
				throw new Broken(`${into.table.name} is a journal, and its rows are in the state`);
			reader.close();
			fresh.close();
		},
	},
	{
		rule: "FEED-4",
		tried: "a cursor below the horizon gets a whole state with its reason",
		async run(subject) {
			const reader = await whole(subject);
			const { horizon } = reader.head as { horizon: number };
			reader.close();
			if (horizon < 1) notTried("nothing is below the horizon yet");
			await resets(subject, "horizon", (good) => ({ ...good, seq: horizon - 1 }));
		},
	},
	{
		rule: "FEED-5",
		tried: "what is written in one turn is one batch, with one time, one mark and its cause",
		async run(subject) {
			const { exec } = writing(subject);
			const into = await anyTarget(subject);
			const rows = [id(), id(), id()];
			const reader = await whole(subject);
			await exec(...rows.map((one) => insert("INSERT", into, into.row(one))));
			for (const one of rows) await reader.told(into.table.name, into.key(one), "put");
			const batch = reader.batches.find(({ changes }) =>
				changes.some(([, , key]) => key === into.key(rows[0] as string)),
			);
			for (const one of rows)
				if (!batch?.changes.some(([, , key]) => key === into.key(one)))
					throw new Broken(
						`the batch ${batch?.from} to ${batch?.to} holds only a part of the turn: ${into.table.name} ${one} is missing`,
					);
			if (!batch?.mark) throw new Broken("the batch has no mark");
			if (!batch.cause && subject.causes !== false) throw new Broken("the batch has no cause");
			reader.close();
		},
	},
	{
		rule: "FEED-6",
		tried: "a masked column shows only whether it holds something, live and in the state",
		async run(subject) {
			const { exec } = writing(subject);
			const into = await target(
				subject,
				"state",
				({ secrets }) => secrets.length > 0,
				"a state table with a masked text column",
			);
			const one = id();
			const reader = await whole(subject);
			await exec(insert("INSERT", into, { ...into.row(one), [into.secrets[0] as string]: SECRET }));
			await reader.told(into.table.name, into.key(one), "put");
			const fresh = await whole(subject);
			for (const text of [...reader.texts, ...fresh.texts])
				if (text.includes(SECRET))
					throw new Broken(`${into.table.name}.${into.secrets[0]} is shown: …${SECRET}…`);
			reader.close();
			fresh.close();
		},
	},
];
