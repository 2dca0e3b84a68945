// The bindings that vitest.config.ts adds for tests.
declare namespace Cloudflare {
	interface Env {
		TEST_MIGRATIONS: import("cloudflare:test").D1Migration[];
		WATCHED: DurableObjectNamespace<import("./watched-do.ts").WatchedDO>;
		/** In the project `directory` alone. */
		OWNER: Hyperdrive;
		DOWN: Hyperdrive;
		BARE: DurableObjectNamespace<import("./bare-do.ts").BareDO>;
	}
}
