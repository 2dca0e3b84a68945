import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { expect, vi } from "vitest";
import { ticket } from "../../../shared/directory/index.ts";
import {
	type Answer,
	type Batch,
	type Changes,
	type Down,
	down,
	type Position,
	PROTOCOL_VERSION,
	type State,
	sizeOf,
	type UpInput,
} from "../../../shared/protocol/index.ts";
import type { AdminSessionDO } from "../../../worker/admin-session-do.ts";
import type { TownRpc } from "../../../worker/rpc.ts";
import { signIn } from "../support/directory.ts";
import { TEST_ORIGIN, TEST_USERS } from "../support/identities.ts";
import { workingTown } from "../town/support.ts";

export type Who = keyof typeof TEST_USERS;

let towns = 0;
/** A new town with a rig, the polecat `toast` and the open bead `bead-1`. Agents have ids of the town's own. */
export const newTown = () => workingTown(`town-${++towns}-${crypto.randomUUID().slice(0, 8)}`);

export async function fetchTicket(town: string, who: Who): Promise<{ ticket: string; url: string }> {
	const answer = await exports.default.fetch(
		new Request(`${TEST_ORIGIN}/api/towns/${encodeURIComponent(town)}/ticket`, {
			method: "POST",
			headers: { Origin: TEST_ORIGIN, "Cf-Access-Jwt-Assertion": await signIn(TEST_USERS[who].email) },
		}),
	);
	if (!answer.ok) throw new Error(await answer.text());
	return ticket.parse(await answer.json());
}

/** A socket of the console as a page has it: keeps what it was told, checks it, folds nothing. */
export class Page {
	readonly messages: Down[] = [];
	readonly changes: Batch[] = [];
	/** Set when the socket has closed. */
	closedWith: { code: number; reason: string } | null = null;
	position: Position | null = null;
	/** Size of frames not yet credited; credit is given at once unless this page is slow. */
	owed = 0;
	slow = false;
	readonly #socket: WebSocket;
	#ids = 0;
	#state: State[] = [];

	constructor(socket: WebSocket) {
		this.#socket = socket;
		socket.accept();
		socket.addEventListener("message", ({ data }) => this.#heard(String(data)));
		socket.addEventListener("close", ({ code, reason }) => {
			this.closedWith = { code, reason };
		});
	}

	send(message: UpInput | Record<string, unknown> | string): void {
		this.#socket.send(typeof message === "string" ? message : JSON.stringify(message));
	}

	/** Sends a request and gives its one answer. */
	async ask(message: Record<string, unknown>): Promise<Answer> {
		const id = `q${++this.#ids}`;
		this.send({ ...message, id });
		return this.until((found): found is Answer & { t: "answer" } => found.t === "answer" && found.id === id);
	}

	async hello(more: { cursor?: Position | null; streams?: unknown[]; focus?: string; reason?: string } = {}) {
		const id = `h${++this.#ids}`;
		this.send({
			t: "hello",
			id,
			version: PROTOCOL_VERSION,
			cursor: more.cursor === undefined ? this.position : more.cursor,
			streams: more.streams ?? [],
			reason: more.reason ?? "case 7",
			focus: more.focus ?? null,
		});
		return this.until(
			(found): found is Extract<Down, { t: "welcome" }> => found.t === "welcome" && found.id === id,
		);
	}

	/** The first message, come or to come, that fits. */
	until<T extends Down>(fits: (message: Down) => message is T): Promise<T>;
	until(fits: (message: Down) => boolean): Promise<Down>;
	until(fits: (message: Down) => boolean): Promise<Down> {
		return vi.waitFor(
			() => {
				const found = this.messages.find(fits);
				if (!found) throw new Error(`not among ${this.messages.map(({ t }) => t).join(" ")}`);
				return found;
			},
			{ timeout: 8_000, interval: 5 },
		);
	}

	/** Waits until the town's feed is live and this page has a whole state. */
	async live(): Promise<this> {
		await vi.waitFor(
			() => {
				if (!this.position) throw new Error("no state yet");
				const feeds = this.messages.findLast((message) => message.t === "session" || message.t === "welcome");
				if (
					!feeds ||
					!("feeds" in feeds) ||
					feeds.feeds.find(({ feed }) => feed === "town")?.state !== "live"
				)
					throw new Error("the feed is not live");
			},
			{ timeout: 8_000, interval: 5 },
		);
		return this;
	}

	async reaches(seq: number): Promise<void> {
		await vi.waitFor(() => expect(this.position?.seq).toBeGreaterThanOrEqual(seq), {
			timeout: 10_000,
			interval: 5,
		});
	}

	async isClosed(): Promise<{ code: number; reason: string }> {
		await vi.waitFor(() => expect(this.closedWith).not.toBeNull(), { timeout: 5_000, interval: 5 });
		return this.closedWith as { code: number; reason: string };
	}

	close(): void {
		this.#socket.close(1000, "");
	}

	/** Gives back what was received. */
	credit(): void {
		const bytes = this.owed;
		this.owed = 0;
		if (bytes > 0 && !this.closedWith) this.send({ t: "credit", bytes });
	}

	#heard(text: string): void {
		const message = down.parse(JSON.parse(text)) as Down;
		this.messages.push(message);
		if (!["state", "changes", "stream", "pulse"].includes(message.t)) return;
		if (message.t === "state") this.#stated(message as State);
		else if (message.t === "changes") this.#changed(message as Changes);
		this.owed += sizeOf(text);
		if (!this.slow) this.credit();
	}

	#stated(state: State): void {
		if (state.part === 0) this.#state = [];
		expect(state.part).toBe(this.#state.length);
		this.#state.push(state);
		if (!state.last) return;
		this.position = state.position;
		this.changes.length = 0;
	}

	/** No hole, ever: what comes follows what was, or was had already. */
	#changed({ epoch, batches }: Changes): void {
		expect(epoch).toBe(this.position?.epoch);
		for (const batch of batches) {
			const seq = this.position?.seq ?? 0;
			if (batch.to <= seq) continue;
			expect(batch.from).toBe(seq + 1);
			this.changes.push(batch);
			this.position = { epoch, seq: batch.to, mark: batch.mark };
		}
	}
}

/** Opens the socket of a ticket, or of what the test makes of its address. */
export async function openSocket(url: string, headers: Record<string, string> = { Origin: TEST_ORIGIN }) {
	const answer = await exports.default.fetch(
		new Request(`${TEST_ORIGIN}${url}`, { headers: { Upgrade: "websocket", ...headers } }),
	);
	if (!answer.webSocket) throw new Error(`${answer.status} ${await answer.text()}`);
	return new Page(answer.webSocket);
}

/** Signs in, fetches a ticket, opens the socket. */
export const openPage = async (town: string, who: Who = "ada"): Promise<Page> =>
	openSocket((await fetchTicket(town, who)).url);

/** A page that sees the town live. */
export async function watch(town: string, who: Who = "ada"): Promise<Page> {
	const page = await openPage(town, who);
	await page.hello();
	return page.live();
}

/** Ends an object as a crash or a deploy does: memory and sockets gone, storage kept. */
export async function abort(namespace: DurableObjectNamespace, name: string): Promise<void> {
	await runInDurableObject(namespace.getByName(name), (_, state) => {
		state.abort("test: crash");
	}).catch(() => {});
}

/** A page that comes back by itself with a fresh ticket and its cursor, as the client does; what it has is never partial. */
export async function comeBack(town: string, page: Page, who: Who = "ada"): Promise<Page> {
	const next = await openPage(town, who);
	next.position = page.position;
	next.changes.push(...page.changes);
	await next.hello();
	return next;
}

/** Every change in the town's own log after `seq`, oldest first. */
export async function logOf(town: { stub: TownRpc }, seq: number): Promise<Batch[]> {
	const batches: Batch[] = [];
	let before: number | null = null;
	for (;;) {
		const answer = await town.stub.query({ kind: "changes", before, limit: 500 });
		if ("ok" in answer) throw new Error(answer.message);
		const rows = answer.rows as Batch[];
		batches.push(...rows.filter(({ to }) => to > seq));
		const oldest = rows.at(-1)?.from ?? 0;
		if (!answer.more || oldest <= seq) return batches.sort((a, b) => a.from - b.from);
		before = oldest;
	}
}

/** How long a session keeps a feed that nobody follows. */
export const linger = (town: string, ms: number): Promise<void> =>
	runInDurableObject(env.ADMIN_SESSION.getByName(town), (instance: AdminSessionDO) => {
		instance.lingerMs = ms;
	});
