/** Bounds of the console socket; bytes are UTF-8, times milliseconds. */
export const LIMITS = {
	/** Largest message from a viewer (SEC-3). */
	messageBytes: 64 * 1024,
	/** Messages a minute besides credits and pings (SEC-3). */
	messagesPerMinute: 120,
	creditsPerMinute: 6_000,
	pingsPerMinute: 60,
	/** Open sockets of one admin on one town. */
	socketsPerAdmin: 12,
	/** What a session sends to a viewer before it must give credit (SESSION-5). */
	windowBytes: 256 * 1024,
	/** Largest chunk of a state, page or replay (FEED-3). */
	chunkBytes: 256 * 1024,
	/** Shortest time between two frames of one feed (FEED-8). */
	frameMs: 16,
	/** A viewer pings this often (SESSION-6). */
	pingMs: 10_000,
	/** A ticket opens a socket for this long (SEC-2). */
	ticketMs: 30_000,
} as const;
