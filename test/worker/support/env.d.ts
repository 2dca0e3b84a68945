// The bindings that vitest.config.ts adds for tests.
declare namespace Cloudflare {
	interface Env {
		TEST_MIGRATIONS: import("cloudflare:test").D1Migration[];
		WATCHED: DurableObjectNamespace<import("./watched-do.ts").WatchedDO>;
		BARE: DurableObjectNamespace<import("./bare-do.ts").BareDO>;
	}
}
