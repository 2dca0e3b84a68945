import type { TownEntity } from "../../shared/gastown/index.ts";
import type { Batch, FeedState, LedgerEntry, Pulse, Viewer } from "../../shared/protocol/index.ts";
import { emptyTown, type TownView } from "../../shared/town-view/index.ts";
import type { ConnectionView } from "./connection-view.ts";
import type { LatencyFigures } from "./latency.ts";
import { firstSocketState, type SocketState } from "./socket-state.ts";

/** Change batches kept for reading; older ones come by `query`. */
export const KEPT_BATCHES = 1_000;

export type AgentBeat = Pulse["agents"][number];

/** Who this page is to its session, and which town it is. */
type Identity = {
	viewer: string;
	admin: { id: string; email: string; name: string };
	town: { id: string; name: string; owner_type: string; owner_id: string };
};

/**
 * All that a page knows of a town. A new object at most once a frame; `view` is changed in place, `versions` says for
 * which entities it was. Times are the town's epoch milliseconds unless said otherwise.
 */
export type TownState = {
	connection: ConnectionView;
	socket: SocketState;
	view: TownView;
	versions: Readonly<Record<TownEntity, number>>;
	identity: Identity | null;
	/** The session's feeds: `town` and the agents that somebody follows. */
	feeds: ReadonlyMap<string, FeedState>;
	viewers: readonly Viewer[];
	/** Newest heartbeat and sample of each agent, live only (FEED-9). */
	beats: ReadonlyMap<string, AgentBeat>;
	container: Pulse["container"];
	/** When the scheduler last looked, and looks next. */
	looks: Pulse["scheduler"];
	pulseAt: number | null;
	/** Batches as they came since the page was opened, newest last. */
	batches: readonly Batch[];
	/** Ledger rows by `n`, ascending: the newest hundred and all that came since. */
	ledger: readonly LedgerEntry[];
	figures: {
		seq: number;
		/** Found by this page and by its session; 0 in a well town. */
		gaps: number;
		latency: LatencyFigures;
		/** Bytes that the session holds back until this page has caught up. */
		behindBytes: number;
		/** Frames received but not yet painted. */
		framesBehind: number;
		/** Milliseconds over which the session joins frames, 0 when it passes them on as they come. */
		joinedMs: number;
		/** This machine's time when anything was last heard from the session. */
		heardAt: number | null;
		/** When the town last changed. */
		changedAt: number | null;
		/** The town's clock minus this machine's, milliseconds. */
		skewMs: number;
	};
};

export function firstTownState(now: number): TownState {
	const view = emptyTown();
	return {
		connection: { is: "loading", since: now, rows: 0, total: 0 },
		socket: firstSocketState(now),
		view,
		versions: { ...view.versions },
		identity: null,
		feeds: new Map(),
		viewers: [],
		beats: new Map(),
		container: null,
		looks: null,
		pulseAt: null,
		batches: [],
		ledger: [],
		figures: {
			seq: 0,
			gaps: 0,
			latency: null,
			behindBytes: 0,
			framesBehind: 0,
			joinedMs: 0,
			heardAt: null,
			changedAt: null,
			skewMs: 0,
		},
	};
}
