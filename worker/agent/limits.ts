/** Bounds of one agent's stream. Bytes are UTF-8 of stored text, characters are UTF-16 units, times milliseconds. */
export type StreamLimits = {
	/** Largest segment (STREAM-1): SQLite's 2 MB for a row is not enforced locally, so this is asserted. */
	segmentBytes: number;
	/** A longer string is cut out of its event (STREAM-2). */
	bodyCharacters: number;
	/** Largest piece of a cut body, one row. */
	pieceCharacters: number;
	/** An event that is larger though its strings are cut loses its largest lists and objects too. */
	eventCharacters: number;
	/** What a stream may hold, bodies included; then its oldest segments go (STREAM-3). */
	streamBytes: number;
	/** Age from which segments may go. */
	ageMs: number;
	/** The horizon moves only after so many new bytes, so that pruning costs nothing per append. */
	pruneEveryBytes: number;
	/** How long a stream outlives its agent. */
	retiredMs: number;
	/** Shortest time between two reports to the town (STREAM-4). */
	reportMs: number;
	/** How long a producer should gather, followed or not (STREAM-1). */
	followedMs: number;
	unfollowedMs: number;
};

const DAY = 24 * 3_600_000;

export const STREAM_LIMITS: StreamLimits = {
	segmentBytes: 512 * 1024,
	bodyCharacters: 16 * 1024,
	// At most three bytes a unit: 1 MB a row.
	pieceCharacters: 340_000,
	eventCharacters: 96 * 1024,
	streamBytes: 512 * 1024 * 1024,
	ageMs: 30 * DAY,
	pruneEveryBytes: 8 * 1024 * 1024,
	retiredMs: 30 * DAY,
	reportMs: 5_000,
	followedMs: 50,
	unfollowedMs: 1_000,
};
