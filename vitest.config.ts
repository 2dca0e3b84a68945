import { randomBytes } from "node:crypto";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const secret = () => randomBytes(32).toString("hex");

export default defineConfig({
	test: {
		projects: [
			{
				plugins: [
					cloudflareTest({
						// The worker itself and the Durable Objects that only tests use.
						main: "./test/worker/support/worker.ts",
						wrangler: { configPath: "./wrangler.toml" },
						miniflare: {
							durableObjects: { WATCHED: { className: "WatchedDO", useSQLite: true } },
							bindings: {
								ENVIRONMENT: "test",
								TICKET_SECRET: secret(),
								CONTAINER_TOKEN_SECRET: secret(),
								ALLOWED_ORIGINS: "https://console.test",
							},
						},
					}),
				],
				// The default, true, breaks @cloudflare/vitest-plugin 1.4.0.
				test: { name: "worker", include: ["test/worker/**/*.test.ts"], fsModuleCache: false },
			},
			{ test: { name: "shared", include: ["test/shared/**/*.test.ts"], environment: "node" } },
			{
				plugins: [react()],
				test: { name: "web", include: ["test/web/**/*.test.{ts,tsx}"], environment: "happy-dom" },
			},
		],
	},
});
