import { vi } from "vitest";
import { createTownClient, type TownClientOptions } from "../../../web/live/client.ts";
import type { Ticket } from "../../../web/live/socket.ts";

type Message = Record<string, unknown> & { t: string; id?: string };

/** A socket whose other end is played by the test. */
class FakeSocket extends EventTarget {
	static made: FakeSocket[] = [];
	readyState = 0;
	binaryType = "blob";
	bufferedAmount = 0;
	readonly sent: Message[] = [];
	readonly url: string;
	constructor(url: string) {
		super();
		this.url = url;
		FakeSocket.made.push(this);
	}
	send(text: string) {
		if (this.readyState !== 1) throw new Error("not open");
		this.sent.push(JSON.parse(text) as Message);
	}
	close(code = 1000) {
		if (this.readyState === 3) return;
		this.readyState = 3;
		this.dispatchEvent(Object.assign(new Event("close"), { code, reason: "" }));
	}
	open() {
		this.readyState = 1;
		this.dispatchEvent(new Event("open"));
	}
	say(message: object) {
		this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(message) }));
	}
	drop(code = 1006, reason = "") {
		this.readyState = 3;
		this.dispatchEvent(Object.assign(new Event("close"), { code, reason }));
	}
	of(t: string): Message[] {
		return this.sent.filter((message) => message.t === t);
	}
	/** Answers the newest request of a kind. */
	answer(t: string, value: unknown) {
		this.say({ t: "answer", id: this.of(t).at(-1)?.id, ok: true, value });
	}
}

export const T0 = Date.parse("2026-11-22T12:00:00Z");

export const feed = (state: string, extra: object = {}) => ({
	feed: "town",
	state,
	since: T0,
	heard_at: T0,
	attempt: 1,
	next_at: null,
	reason: null,
	gaps: 0,
	...extra,
});

export const welcome = (id: unknown, extra: object = {}) => ({
	t: "welcome",
	id,
	version: 1,
	viewer: "v1",
	admin: { id: "a1", email: "mira@example.com", name: "Mira" },
	town: { id: "t1", name: "harbour", owner_type: "user", owner_id: "u1" },
	now: Date.now(),
	resumed: false,
	feeds: [feed("live")],
	head: null,
	viewers: [],
	expires_at: Date.now() + 3_600_000,
	...extra,
});

export const rig = (id: string, name = id) => ({
	id,
	name,
	git_url: "",
	default_branch: "main",
	config: {},
	platform_integration_id: null,
	created_at: "2026-11-22T12:00:00Z",
});

export const stateAt = (seq: number, rows: object[], extra: object = {}) => ({
	t: "state",
	position: { epoch: "e1", seq, mark: `m${seq}` },
	reason: "first",
	part: 0,
	last: true,
	total: rows.length,
	tables: [["rigs", rows]],
	...extra,
});

export const batch = (seq: number, row: ReturnType<typeof rig>, at = T0) => ({
	from: seq,
	to: seq,
	at,
	cause: null,
	mark: `m${seq}`,
	changes: [[seq, "rigs", row.id, "put", row]],
});

export const changes = (...batches: ReturnType<typeof batch>[]) => ({
	t: "changes",
	epoch: "e1",
	from: batches[0]?.from,
	to: batches.at(-1)?.to,
	mark: batches.at(-1)?.mark,
	sent_at: Date.now(),
	batches,
});

/** A client whose clock and timers are the test's; call with fake timers on. */
export function open(options: Partial<TownClientOptions> = {}) {
	FakeSocket.made = [];
	let ids = 0;
	let tickets = 0;
	const fetchTicket = vi.fn(async (): Promise<Ticket> => {
		tickets++;
		return { ok: true, ticket: `k${tickets}`, url: `ws://console.test/ws?ticket=k${tickets}` };
	});
	const client = createTownClient({
		townId: "t1",
		reason: "case 4711",
		fetchTicket,
		WebSocket: FakeSocket,
		random: () => 0.5,
		newId: () => `id-${++ids}`,
		...options,
	});
	/** The newest socket, once its ticket has come. */
	const socket = async () => {
		await vi.advanceTimersByTimeAsync(1);
		return FakeSocket.made.at(-1) as FakeSocket;
	};
	return { client, fetchTicket, socket, sockets: () => FakeSocket.made, see: () => client.store.getState() };
}

/** Opens, is welcomed and has a whole state of one rig at seq 5. */
export async function openLive(options: Partial<TownClientOptions> = {}) {
	const it = open(options);
	const socket = await it.socket();
	socket.open();
	socket.say(welcome(socket.of("hello")[0]?.id));
	socket.answer("query", { rows: [], more: false });
	socket.answer("ping", { now: Date.now(), town_now: Date.now() });
	socket.say(stateAt(5, [rig("r1")]));
	await vi.advanceTimersByTimeAsync(20);
	return { ...it, now: socket };
}
