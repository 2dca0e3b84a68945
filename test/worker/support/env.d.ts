// The binding that vitest.config.ts adds for tests.
declare namespace Cloudflare {
	interface Env {
		WATCHED: DurableObjectNamespace<import("./watched-do.ts").WatchedDO>;
	}
}
