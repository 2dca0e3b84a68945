/** How a container ended, as its platform says it. */
export type ContainerEnd = {
	instance_id: string;
	exit_code: number | null;
	signal: string | null;
	reason: string;
	oom: boolean;
};

export type DriverState = { running: boolean; exit_code: number | null };
export type DriverStart = { ok: true; url: string | null } | { ok: false; message: string };

/**
 * What runs a container: Cloudflare's own `ctx.container`, or the platform of `npm start`. Nothing here starts one but `start`.
 * Its end comes as `TownContainer.ended`.
 */
export interface ContainerDriver {
	state(): Promise<DriverState>;
	/** Resolves when the process runs; `url` where it is asked over HTTP. */
	start(instance: string, env: Record<string, string>): Promise<DriverStart>;
	/** Resolves when it was told. */
	stop(how: "term" | "kill"): Promise<void>;
	/** A request to its control server; rejects where it cannot be reached. */
	fetch(path: string, init: RequestInit, url: string | null): Promise<Response>;
}
