import type {
	FeedState,
	Intention,
	SessionMessage,
	Viewer as ViewerInfo,
} from "../../shared/protocol/index.ts";
import { redact } from "../../shared/redaction/index.ts";
import type { Viewer } from "./viewer.ts";

/** Changes that come together are told together. */
const TELL_MS = 50;
/** How often a viewer that is behind hears by how much. */
const BEHIND_MS = 1_000;

type Options = {
	clock: () => number;
	viewers: () => Iterable<Viewer>;
	feeds: () => FeedState[];
	/** Size of what a viewer has not been sent yet. */
	behind: (viewer: Viewer) => number;
	/** Over how many milliseconds frames are joined now. */
	joinedMs: () => number;
};

/** Tells viewers the state of every feed, who is here, and how far behind they are (SESSION-2, SESSION-6, SESSION-7). */
export class Presence {
	readonly #options: Options;
	readonly #lagging = new Set<Viewer>();
	#telling = false;
	#measuring = false;

	constructor(options: Options) {
		this.#options = options;
	}

	/** Something that everybody sees has changed. */
	changed(): void {
		if (this.#telling) return;
		this.#telling = true;
		setTimeout(() => {
			this.#telling = false;
			this.#tellAll();
		}, TELL_MS);
	}

	/** This viewer has no credit left, or catches up. */
	lagging(viewer: Viewer): void {
		this.#lagging.add(viewer);
		if (this.#measuring) return;
		this.#measuring = true;
		setTimeout(() => {
			this.#measuring = false;
			const lagging = [...this.#lagging];
			this.#lagging.clear();
			for (const one of lagging) this.#measure(one);
		}, BEHIND_MS);
	}

	gone(viewer: Viewer): void {
		this.#lagging.delete(viewer);
	}

	/** Asks a viewer of an instance that has no memory of it to say `hello` again (SESSION-6). */
	askHello(viewer: Viewer): void {
		viewer.send(JSON.stringify(this.#message(viewer, [], true)));
	}

	here(): ViewerInfo[] {
		return [...this.#options.viewers()].filter(({ state }) => state.opened !== null).map(({ info }) => info);
	}

	#tellAll(): void {
		const here = this.here();
		for (const viewer of this.#options.viewers()) if (viewer.greeted) this.#tell(viewer, here);
	}

	#measure(viewer: Viewer): void {
		const behind = this.#options.behind(viewer);
		if (behind > 0) this.lagging(viewer);
		if (behind > 0 || viewer.toldBehind > 0) this.#tell(viewer, this.here());
	}

	#tell(viewer: Viewer, here: ViewerInfo[]): void {
		const message = this.#message(viewer, here, false);
		viewer.toldBehind = message.behind_bytes;
		viewer.send(JSON.stringify(message));
	}

	#message(viewer: Viewer, viewers: ViewerInfo[], say_hello: boolean): SessionMessage & { t: "session" } {
		return {
			t: "session",
			now: this.#options.clock(),
			feeds: this.#options.feeds(),
			viewers,
			behind_bytes: this.#options.behind(viewer),
			joined_ms: this.#options.joinedMs(),
			say_hello,
		};
	}
}

/** An intention as others may see it: its words come from a page, so they are redacted (FEED-6). */
export const shownTo = (intention: Intention | null): Intention | null =>
	intention && { ...intention, label: redact(intention.label) };
