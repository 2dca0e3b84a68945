/** Documented close codes of the console socket. The reason text is for people; the code decides what the client does. */
export const CLOSE = {
	/** A message that is not of the protocol. */
	badMessage: 4400,
	/** The admin's identity has expired: sign in again. */
	identityExpired: 4401,
	/** Not an admin, blocked, or no longer an admin. */
	forbidden: 4403,
	/** No such town. */
	noSuchTown: 4404,
	/** The page speaks another version of the protocol: reload. */
	oldPage: 4410,
	/** A message over 64 KiB (SEC-3). */
	tooLarge: 4413,
	/** More messages or sockets than allowed (SEC-3). */
	tooMany: 4429,
	/** Ticket used before, too old, for another town, or not ours (SEC-2): fetch a new one. */
	badTicket: 4460,
	/** Origin missing or not allowed. */
	badOrigin: 4461,
	/** Rights or the town could not be read just now: try again. */
	unavailable: 4503,
} as const;
export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];

/** Codes after which trying again by itself cannot help. */
export const FINAL_CODES: ReadonlySet<number> = new Set([
	CLOSE.badMessage, CLOSE.identityExpired, CLOSE.forbidden, CLOSE.noSuchTown, CLOSE.oldPage, CLOSE.badOrigin,
]); // biome-ignore format: a list

/** Codes that a peer may not send in a close frame are answered as a normal close. */
export const replyCode = (code: number): number =>
	code === 1000 || (code >= 3000 && code <= 4999) || (code > 1000 && code < 1004) ? code : 1000;
