import {
	CLOSE,
	type CloseCode,
	type Down,
	LIMITS,
	PROTOCOL_VERSION,
	type Up,
} from "../../shared/protocol/index.ts";
import { logFailure } from "../log.ts";
import type { TownDescription } from "../rpc.ts";
import type { Access } from "./access.ts";
import { type Feeds, TOWN_FEED } from "./feeds.ts";
import type { Meta } from "./meta.ts";
import { type Presence, shownTo } from "./presence.ts";
import type { Pump } from "./pump.ts";
import type { Requests } from "./requests.ts";
import type { Viewer } from "./viewer.ts";

type Hello = Extract<Up, { t: "hello" }>;

type Options = {
	clock: () => number;
	meta: Meta;
	describe(): Promise<TownDescription | null>;
	feeds: Feeds;
	pump: Pump;
	presence: Presence;
	access: Access;
	requests: Requests;
	/** The newest pulse. */
	pulse(): string | null;
	/** Its socket has closed meanwhile. */
	gone(viewer: Viewer): boolean;
};

/** Takes a viewer in, or in again after a wake: where it is, what it follows, why it looks. */
export class Greeting {
	readonly #options: Options;

	constructor(options: Options) {
		this.#options = options;
	}

	/** Answers with `welcome`; gives why the socket has to close instead. */
	async hello(viewer: Viewer, hello: Hello): Promise<{ code: CloseCode; reason: string } | null> {
		const { feeds, pump, presence, access, clock, pulse } = this.#options;
		const town = await this.#town();
		// Nothing is opened for somebody who has left: nobody would close it.
		if (this.#options.gone(viewer)) return null;
		if (town === null) return { code: CLOSE.noSuchTown, reason: "There is no such town." };
		if (town === undefined)
			return { code: CLOSE.unavailable, reason: "The town could not be reached. Try again in a moment." };

		viewer.readers.clear();
		feeds.releaseAll(viewer.id);
		viewer.credit = LIMITS.windowBytes;
		access.opened(viewer, hello.reason);
		viewer.update({ focus: hello.focus, intention: shownTo(hello.intention) });
		viewer.greeted = true;

		const feed = feeds.hold(TOWN_FEED, viewer.id, hello.cursor);
		viewer.read(TOWN_FEED, hello.cursor, 0);
		// What only the log can tell is told by the log: a cursor that does not hold gets a state with its reason.
		const resumed = hello.cursor !== null && feed?.tail.place(hello.cursor).at !== "elsewhere";
		viewer.send(
			JSON.stringify({
				t: "welcome",
				id: hello.id,
				version: PROTOCOL_VERSION,
				viewer: viewer.id,
				admin: viewer.admin,
				town,
				now: clock(),
				resumed,
				feeds: feeds.states,
				head: feed?.tail.head ?? null,
				viewers: presence.here(),
				expires_at: viewer.state.expiresAt,
			} satisfies Down),
		);
		const newest = pulse();
		if (newest) viewer.sendCharged(newest);
		presence.changed();
		pump.run(viewer);
		for (const { agent, cursor } of hello.streams) this.#follow(viewer, agent, cursor);
		return null;
	}

	/** Streams that the page followed before; what cannot be followed now shows as a feed that is not there. */
	#follow(viewer: Viewer, agent: string, cursor: Hello["cursor"]): void {
		const { requests } = this.#options;
		requests.follow(viewer, agent, cursor, 524_288).catch((error: unknown) => {
			logFailure("follow again", { agent }, error);
		});
	}

	/** Null when there is none, undefined when it could not be asked and was never known. */
	async #town(): Promise<TownDescription | null | undefined> {
		const { meta, describe } = this.#options;
		try {
			const town = await describe();
			if (town) meta.set("description", JSON.stringify(town));
			return town;
		} catch (error) {
			logFailure("describe", {}, error);
			const known = meta.get("description");
			return known === null ? undefined : (JSON.parse(known) as TownDescription);
		}
	}
}
