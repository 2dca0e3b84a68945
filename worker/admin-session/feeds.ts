import type { FeedState, Position } from "../../shared/protocol/index.ts";
import type { Page } from "../rpc.ts";
import { agentStub, townStub } from "../stubs.ts";
import { sourceOf } from "./disclosures.ts";
import { feedRequest, readBeginning, readState } from "./once-read.ts";
import { type Base, Tail, TailBudget, type TailFrame } from "./tail.ts";
import { UpgradeSlots } from "./upgrade-slots.ts";
import { Upstream } from "./upstream.ts";

/** The town's own feed; every other name is an agent's, as `Disclosures.feedOf` gives it. */
export const TOWN_FEED = "town";

/** A feed stays open so long after its last follower, since people come back. */
export const LINGER_MS = 10_000;
const MAX_FEEDS = 40;

export type Feed = {
	readonly name: string;
	readonly upstream: Upstream;
	readonly tail: Tail;
	/** The whole state to begin from; null until one was read, and for streams. */
	base: Base | null;
	/** Who holds it open: viewers' ids, and `proofs`. */
	readonly followers: Set<string>;
	linger: ReturnType<typeof setTimeout> | null;
	/** The one read of a new base that is under way. */
	reading: Promise<Base> | null;
};

type Options = {
	env: Env;
	town: () => string;
	clock: () => number;
	random: () => number;
	lingerMs: () => number;
	/** Over how many milliseconds frames are joined now (SESSION-4). */
	joinMs: () => number;
	on: {
		frame(feed: Feed, frame: TailFrame): void;
		restarted(feed: Feed): void;
		pulse(text: string): void;
		changed(): void;
	};
};

/** The feeds of a session: opened with the first follower, closed 10 s after the last (SESSION-1). */
export class Feeds {
	readonly #options: Options;
	readonly #feeds = new Map<string, Feed>();
	readonly #slots = new UpgradeSlots();
	readonly #budget = new TailBudget();

	constructor(options: Options) {
		this.#options = options;
	}

	get(name: string): Feed | undefined {
		return this.#feeds.get(name);
	}

	get states(): FeedState[] {
		return [...this.#feeds.values()].map(({ upstream }) => upstream.status);
	}

	/** Follows a feed for `who`. `cursor` is where to begin if nobody else has begun. Null when 40 feeds are open. */
	hold(name: string, who: string, cursor: Position | null): Feed | null {
		const feed = this.#feeds.get(name) ?? this.#open(name, cursor);
		if (!feed) return null;
		feed.followers.add(who);
		if (feed.linger !== null) clearTimeout(feed.linger);
		feed.linger = null;
		feed.upstream.want();
		return feed;
	}

	release(name: string, who: string): void {
		const feed = this.#feeds.get(name);
		if (!feed?.followers.delete(who) || feed.followers.size > 0) return;
		feed.linger = setTimeout(() => this.#close(feed), this.#options.lingerMs());
	}

	/** Any event opens again what is followed and, for whatever reason, not open (SESSION-6). */
	reopen(): void {
		for (const feed of this.#feeds.values()) if (feed.followers.size > 0) feed.upstream.want();
	}

	/** Lets go of everything that `who` follows. */
	releaseAll(who: string): void {
		for (const name of [...this.#feeds.keys()]) this.release(name, who);
	}

	/** Frames after a cursor, from the source's log. Rejects when it cannot be reached. */
	page(name: string, cursor: Position, bytes: number): Promise<Page> {
		const { env, town } = this.#options;
		if (name === TOWN_FEED) return townStub(env, town()).page(cursor, bytes);
		const { agent, revealed } = sourceOf(name);
		return agentStub(env, agent).page(town(), cursor, bytes, revealed);
	}

	/** A base that is fresh enough to begin from, or null while one is being read. */
	base(feed: Feed): Base | null {
		const { base, tail } = feed;
		if (!base) return null;
		const { at } = tail.place(base.position);
		if (at === "older" || at === "elsewhere") return null;
		// More frames than state: reading the state again is less to send.
		const frames = tail.sizeAfter(base.position);
		return frames <= Math.max(1_048_576, 2 * base.size) ? base : null;
	}

	/** Reads a new base, once for all who wait for it. */
	readBase(feed: Feed): Promise<Base> {
		feed.reading ??= readState(() => this.#connect(feed.name, `base:${crypto.randomUUID()}`))
			.then((base) => {
				feed.base = base;
				return base;
			})
			.finally(() => {
				feed.reading = null;
			});
		return feed.reading;
	}

	/** The first frame of the last `tailBytes` of an agent's stream. */
	readBeginning(feed: Feed, tailBytes: number): ReturnType<typeof readBeginning> {
		return readBeginning(() => this.#connect(feed.name, `begin:${crypto.randomUUID()}`), tailBytes);
	}

	#open(name: string, cursor: Position | null): Feed | null {
		if (this.#feeds.size >= MAX_FEEDS) return null;
		const { clock, random, joinMs, on } = this.#options;
		const tail = new Tail();
		this.#budget.add(tail);
		const upstream = new Upstream({
			feed: name,
			connect: () => this.#connect(name, "live"),
			begin: () => ({ cursor, tail_bytes: 0 }),
			tail,
			joinMs,
			clock,
			random,
			on: {
				frame: (frame) => {
					on.frame(feed, frame);
					this.#budget.trim();
				},
				restarted: (base) => {
					feed.base = base;
					on.restarted(feed);
				},
				pulse: on.pulse,
				changed: on.changed,
			},
		});
		const feed: Feed = {
			name,
			upstream,
			tail,
			base: null,
			followers: new Set(),
			linger: null,
			reading: null,
		};
		this.#feeds.set(name, feed);
		return feed;
	}

	#close(feed: Feed): void {
		if (feed.linger !== null) clearTimeout(feed.linger);
		this.#feeds.delete(feed.name);
		this.#budget.remove(feed.tail);
		feed.upstream.drop();
	}

	#connect(name: string, purpose: string): Promise<Response> {
		const { env, town } = this.#options;
		const { agent, revealed } = sourceOf(name);
		const request = feedRequest(`session:${town()}:${purpose}`, town(), revealed);
		return this.#slots.run(() =>
			(name === TOWN_FEED ? townStub(env, town()) : agentStub(env, agent)).fetch(request),
		);
	}
}
