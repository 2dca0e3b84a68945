import type { UserPage } from "../../shared/directory/index.ts";

/** What the section needs from the page it stands in: it imports nothing of the console. */
export type GastownPort = {
	/** Reads the user's towns; rejects with an Error whose message is for people. */
	read(userId: string, signal: AbortSignal): Promise<UserPage>;
	/** Address of a town in the console; with the name of an action, its sheet stands open there. */
	townHref(townId: string, action?: string): string;
	/** Follows a link inside the host's own router; null leaves it to the browser, which opens it beside the host's page. */
	navigate: ((href: string) => void) | null;
	/** Where somebody who is not let in signs in; null where the page around the section has asked for it. */
	signInHref: string | null;
};
