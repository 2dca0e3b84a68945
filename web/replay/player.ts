import { createStore, type StoreApi } from "zustand/vanilla";
import type { Passage, RowsAnswer } from "../../shared/protocol/index.ts";
import type { Asked } from "../town/open-town.ts";
import { nextFailure } from "./failures.ts";
import { played, type Step, stepBack, stepOn } from "./moments.ts";
import { type Place, type Reel, reelOf } from "./reel.ts";
import type { Track } from "./track.ts";

export const SPEEDS = [1, 2, 5, 20] as const;
export type Speed = (typeof SPEEDS)[number];

export type PlayerState = {
	/** The moment that is shown, epoch milliseconds; null until something is known of the tracks. */
	at: number | null;
	playing: boolean;
	speed: Speed;
	/** What is read just now, and why the last read failed. */
	reading: boolean;
	failed: string | null;
	/** Rises when reels change, which they do in place. */
	version: number;
	reels: readonly Reel[];
};

export type Player = {
	store: StoreApi<PlayerState>;
	/** The tracks as they are known now; new ones are asked for what is kept of them. */
	tracks(tracks: readonly Track[]): void;
	jump(at: number): Promise<void>;
	step(by: 1 | -1): Promise<void>;
	/** To the next thing that failed; stays where nothing more does. */
	failure(): Promise<void>;
	play(): void;
	pause(): void;
	setSpeed(speed: Speed): void;
	/** So much of the reader's time has passed, milliseconds. */
	tick(ms: number): void;
	/** Reads what a gap stands for. */
	fill(reel: Reel): Promise<void>;
};

/** One page: some hundred events. */
const PAGE_BYTES = 131_072;
/** Events kept of all tracks together; beyond it the tracks farthest from the moment go, and can be read again. */
const KEPT_EVENTS = 60_000;
/** A page is asked for before its turn comes, milliseconds of the reader's time. */
const AHEAD_MS = 4_000;
/** Moments that are passed over at most until the first words. */
const SILENT_MOMENTS = 40;
/** Events of a track that is read whole rather than from the middle. */
const SHORT_TRACK = 600;
/** Pages that one search for a failure reads at most. */
const SEARCH_PAGES = 40;

/** Plays the tracks of a bead. `ask` reads from the town and rejects with words for people. */
export function player(ask: (question: Asked) => Promise<RowsAnswer>, startAt: number | null): Player {
	const store = createStore<PlayerState>(() => ({
		at: startAt,
		playing: false,
		speed: 2,
		reading: false,
		failed: null,
		version: 0,
		reels: [],
	}));
	const get = store.getState;
	const set = (change: Partial<PlayerState>) => store.setState(change);
	const changed = () => set({ version: get().version + 1 });
	/** Reads under way by attempt and place: none is done twice at once. */
	const reads = new Map<string, Promise<void>>();

	const read = (reel: Reel, place: Place, at: number | null, bytes = PAGE_BYTES): Promise<void> => {
		const { agent, attempt } = reel.track;
		const name = `${attempt} ${place} ${place === "anew" ? at : ""} ${bytes}`;
		const known = reads.get(name);
		if (known) return known;
		const question: Asked = {
			...{ kind: "passage", agent, attempt, bytes },
			after: place === "after" ? (reel.events.at(-1)?.[0] ?? null) : null,
			before: place === "before" ? (reel.events[0]?.[0] ?? null) : null,
			at: place === "anew" ? at : null,
		};
		const job = ask(question)
			.then(({ rows, more }) => {
				reel.take(rows[0] as Passage, more, place);
				letGo();
				changed();
			})
			.finally(() => {
				reads.delete(name);
				set({ reading: reads.size > 0 });
			});
		reads.set(name, job);
		set({ reading: true });
		return job;
	};

	/** The tracks that are farthest from the moment go first; the one that is read never does. */
	const letGo = () => {
		const { reels, at } = get();
		const far = ({ span }: Reel) =>
			span === null || at === null ? 0 : Math.max(span.from - at, at - span.to, 0);
		let sum = reels.reduce((all, reel) => all + reel.events.length, 0);
		for (const reel of [...reels].sort((a, b) => far(b) - far(a))) {
			if (sum <= KEPT_EVENTS || far(reel) === 0) return;
			sum -= reel.events.length;
			reel.drop();
		}
	};

	/** Says what a read met, and stops. */
	const guarded = async (job: () => Promise<void>) => {
		set({ failed: null });
		try {
			await job();
		} catch (error) {
			set({ failed: error instanceof Error ? error.message : "The read failed.", playing: false });
		}
	};

	/** Reads what the moment needs: the tracks that go on at it, else the end of the last one before it. */
	const ready = async (at: number) => {
		const { reels } = get();
		const open = reels.filter(({ span }) => span && span.from <= at && at <= span.to);
		await Promise.all(open.map((reel) => readTo(reel, at)));
		if (open.length > 0) return;
		const before = reels.filter(({ span }) => span && span.to < at);
		const last = before.sort((a, b) => (b.span?.to ?? 0) - (a.span?.to ?? 0))[0];
		if (last) await readTo(last, at);
	};
	/** A short track is read from its beginning, a long one from the moment on. */
	const readTo = async (reel: Reel, at: number) => {
		if (reel.covers(at)) return;
		const { kept, span } = reel;
		const short = kept != null && kept.to - kept.from < SHORT_TRACK;
		await read(reel, "anew", short ? null : Math.min(at, span?.to ?? at));
		// A page that brings nothing ends it: what was there may have been pruned meanwhile.
		for (let had = 0; !reel.covers(at) && !reel.ends && reel.events.length > had; ) {
			had = reel.events.length;
			if (at <= (reel.events.at(-1)?.[1] ?? at)) return;
			await read(reel, "after", null);
		}
	};

	const follow = async (stepOf: (reels: readonly Reel[], at: number) => Step) => {
		for (;;) {
			const { reels, at } = get();
			if (at === null) return null;
			const step = stepOf(reels, at);
			if (step === null || "to" in step) return step;
			await read(step.load, step.place, at);
		}
	};
	/** What has come of the tracks that still go on. */
	const more = async () => {
		const live = get().reels.filter(({ track, events }) => track.until === null && events.length > 0);
		await Promise.all(live.map((reel) => read(reel, "after", null)));
	};
	/** Of several that wait for their pages the newest one counts. */
	let going = 0;
	const goTo = async (at: number) => {
		const mine = ++going;
		await ready(at);
		if (mine !== going) return;
		set({ at });
		changed();
	};

	const begin = () => {
		const { at, reels } = get();
		if (at !== null) return void guarded(() => goTo(at));
		const first = reels.flatMap(({ span }) => span ?? []).sort((a, b) => a.from - b.from)[0];
		if (first) void guarded(() => toFirstWords(first.from));
	};
	/** An agent's stream begins with its server's own bookkeeping: a replay begins where something is said. */
	const toFirstWords = async (from: number) => {
		await goTo(from);
		const silent = () =>
			get().reels.every(({ span, conversationAt }) => {
				const { at } = get();
				return (
					!span ||
					at === null ||
					at < span.from ||
					!conversationAt(at).messages.some(({ parts }) => parts.length > 0)
				);
			});
		for (let n = 0; n < SILENT_MOMENTS && silent(); n++) {
			const step = await follow(stepOn);
			if (!step || !("to" in step)) return;
			await goTo(step.to);
		}
	};

	const ahead = (reels: readonly Reel[], at: number) => {
		const soon = at + AHEAD_MS * get().speed;
		for (const reel of reels) {
			const { span } = reel;
			if (!span || span.from > soon || span.to <= at || reel.ends) continue;
			if (reel.events.length > 0 && reel.covers(at) && !reel.covers(soon)) void guardedRead(reel, "after");
		}
	};
	const guardedRead = (reel: Reel, place: Place) => guarded(() => read(reel, place, null));

	return {
		store,
		tracks(tracks) {
			const known = new Map(get().reels.map((reel) => [reel.track.attempt, reel]));
			const reels = tracks.map((track) => {
				const reel = known.get(track.attempt);
				reel?.retrack(track);
				return reel ?? reelOf(track);
			});
			const fresh = reels.filter((reel) => !known.has(reel.track.attempt));
			set({ reels });
			changed();
			if (fresh.length === 0) return;
			void guarded(async () => {
				await Promise.all(fresh.map((reel) => read(reel, "anew", null, 0)));
				begin();
			});
		},
		jump: (at) => guarded(() => goTo(at)),
		async step(by) {
			set({ playing: false });
			await guarded(async () => {
				let step = await follow(by === 1 ? stepOn : stepBack);
				if (step === null && by === 1) {
					await more();
					step = await follow(stepOn);
				}
				if (step && "to" in step) await goTo(step.to);
			});
		},
		async failure() {
			set({ playing: false });
			await guarded(async () => {
				const from = get().at;
				if (from === null) return;
				for (let page = 0; page < SEARCH_PAGES; page++) {
					const found = nextFailure(get().reels, from);
					if (found.at !== null) return goTo(found.at);
					if (found.load === null) throw new Error("Nothing failed after this moment.");
					await read(
						found.load,
						found.place,
						found.place === "anew" ? Math.max(from, found.load.span?.from ?? from) : null,
					);
				}
				throw new Error(
					`Nothing failed in the next ${SEARCH_PAGES} pages. Jump further and search from there.`,
				);
			});
		},
		play() {
			const { at, reels } = get();
			const spans = reels.flatMap(({ span }) => span ?? []);
			const end = Math.max(...spans.map(({ to }) => to));
			// At its end it begins anew.
			const from = at !== null && at >= end ? Math.min(...spans.map((span) => span.from)) : at;
			if (from === null || spans.length === 0) return;
			void guarded(() => goTo(from)).then(() => {
				if (get().failed === null) set({ playing: true });
			});
		},
		pause: () => set({ playing: false }),
		setSpeed: (speed) => set({ speed }),
		tick(ms) {
			const { at, playing, speed, reels } = get();
			if (!playing || at === null) return;
			const step = stepOn(reels, at);
			if (step === null) return set({ playing: false });
			if ("load" in step) {
				// It waits for the page, and says so.
				if (reads.size === 0) void guarded(() => read(step.load, step.place, at));
				return;
			}
			const next = played(at, ms, speed, step.to);
			ahead(reels, next);
			set({ at: next });
			changed();
		},
		fill: (reel) =>
			guarded(() => {
				if (reel.events.length > 0 && !reel.begins) return read(reel, "before", null);
				return read(reel, "anew", reel.span?.from ?? null);
			}),
	};
}
