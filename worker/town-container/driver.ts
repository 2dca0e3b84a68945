/** How a container ended, as its platform says it. */
export type ContainerEnd = {
	instance_id: string;
	exit_code: number | null;
	signal: string | null;
	reason: string;
	oom: boolean;
	/** Its platform put it to sleep, unasked. */
	slept?: boolean;
};

/** The end of an instance of which nobody saw how it came. */
export const goneUnseen = (instance_id: string): ContainerEnd => ({
	...{ instance_id, exit_code: null, signal: null, oom: false },
	reason: "It was gone, and nobody saw how it ended.",
});

/** `instance_id`: of what runs, or ran last; null where the platform knows no names. */
export type DriverState = { running: boolean; instance_id: string | null; exit_code: number | null };
export type DriverStart = { ok: true; url: string | null } | { ok: false; message: string };

/**
 * What runs a container: Cloudflare's own `ctx.container`, or the platform of `npm start`. Nothing here starts one but `start`.
 * Its end comes as `TownContainer.ended`.
 */
export interface ContainerDriver {
	/** Rejects where the platform cannot be asked. */
	state(): Promise<DriverState>;
	/** The object woke, and this instance had not ended when it was last heard of. */
	adopt(instance: string): void;
	/** Resolves when the process runs; `url` where it is asked over HTTP. */
	start(instance: string, env: Record<string, string>): Promise<DriverStart>;
	/** Resolves when it was told; false where nothing ran. */
	stop(how: "term" | "kill"): Promise<boolean>;
	/** What runs now is put to sleep after so long without a request. */
	sleepAfter(ms: number): Promise<void>;
	/** A request to its control server; rejects where it cannot be reached. */
	fetch(path: string, init: RequestInit, url: string | null): Promise<Response>;
}
