import { randomBytes } from "node:crypto";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { startDevIssuer } from "./scripts/dev-issuer.ts";
import { bundleWorker } from "./scripts/lib/bundle-worker.ts";
import { freePorts } from "./scripts/lib/free-ports.ts";
import { TEST_AUDIENCE, TEST_IDENTITIES, TEST_ORIGIN } from "./test/worker/support/identities.ts";

// Made for this run only; wrangler looks for the secrets that wrangler.toml requires in the environment.
for (const name of ["TICKET_SECRET", "CONTAINER_TOKEN_SECRET"])
	process.env[name] ??= randomBytes(32).toString("hex");

// Plays Cloudflare Access for the worker's tests; it ends with this process.
const issuer = await startDevIssuer({
	port: 0,
	appUrl: TEST_ORIGIN,
	audience: TEST_AUDIENCE,
	identities: TEST_IDENTITIES,
});
issuer.server.unref();

const MIGRATIONS = await readD1Migrations("./migrations");

// Known before the server runs, since the worker's bindings are; nothing listens on the one after it.
const POSTGRES_PORT = await freePorts();
const postgresUrl = (role: string, port = POSTGRES_PORT) =>
	`postgres://${role}:unused@127.0.0.1:${port}/postgres`;

/** A machine that is busy is slow, not wrong. */
const PATIENCE_MS = 30_000;

/** A Gastown that runs as a script of its own: the console's worker reaches its objects by script name alone (FEED-10). */
const beside = async () => ({
	durableObjects: {
		TOWN: { className: "TownDO", scriptName: "gastown", useSQLite: true },
		AGENT: { className: "AgentDO", scriptName: "gastown", useSQLite: true },
		GASTOWN_USER: { className: "GastownUserDO", scriptName: "gastown", useSQLite: true },
	},
	workers: [
		{
			name: "gastown",
			modules: [
				{
					type: "ESModule" as const,
					path: "index.js",
					contents: await bundleWorker("test/conformance/foreign/index.ts"),
				},
			],
			compatibilityDate: "2026-10-01",
			compatibilityFlags: ["nodejs_compat"],
			durableObjects: {
				TOWN: { className: "TownDO", useSQLite: true },
				AGENT: { className: "AgentDO", useSQLite: true },
				GASTOWN_USER: { className: "GastownUserDO", useSQLite: true },
			},
		},
	],
});

type Others = { hyperdrives?: Record<string, string> } & Partial<Awaited<ReturnType<typeof beside>>>;

/** Tests that run in a workerd of their own. */
const inWorkerd = (name: string, include: string[], others: Others = {}) => ({
	plugins: [
		cloudflareTest({
			// The worker itself and the Durable Objects that only tests use.
			main: "./test/worker/support/worker.ts",
			wrangler: { configPath: "./wrangler.toml" },
			miniflare: {
				...others,
				durableObjects: {
					...others.durableObjects,
					WATCHED: { className: "WatchedDO", useSQLite: true },
					BARE: { className: "BareDO", useSQLite: true },
				},
				bindings: {
					ENVIRONMENT: "test",
					// Tests of the seconds to cancel set their own.
					CANCEL_MS: "0",
					ALLOWED_ORIGINS: TEST_ORIGIN,
					ACCESS_TEAM_DOMAIN: issuer.url,
					ACCESS_AUD: TEST_AUDIENCE,
					TEST_MIGRATIONS: MIGRATIONS,
				},
			},
		}),
	],
	test: {
		name,
		include,
		// The default, true, breaks @cloudflare/vitest-plugin 1.4.0.
		fsModuleCache: false,
		// One workerd for all files: to start one for each took longer than the tests. Each town has an id of its own.
		isolate: false,
		// What a Durable Object logs after the last test would be waited for without end: the runner cannot send it on.
		disableConsoleIntercept: true,
		testTimeout: PATIENCE_MS,
	},
});

const tests = (...folders: string[]) => folders.map((folder) => `test/worker/${folder}/**/*.test.ts`);

/** The worker with Gastown's own directory; `OWNER` is a test's way to write there. */
const withPostgres = inWorkerd("directory", tests("directory"), {
	hyperdrives: {
		HYPERDRIVE: postgresUrl("townwatch_reader"),
		OWNER: postgresUrl("postgres"),
		DOWN: postgresUrl("townwatch_reader", POSTGRES_PORT + 1),
	},
});

export default defineConfig({
	test: {
		// The default leaves one core idle, which is half of a small machine.
		maxWorkers: "100%",
		projects: [
			// One workerd keeps one core busy.
			inWorkerd("interventions", tests("interventions", "ledger")),
			inWorkerd("worker", tests("agent", "auth", "container", "live-ops", "scheduler", "session", "town")),
			inWorkerd("conformance", ["test/conformance/**/*.test.ts"], await beside()),
			{
				...withPostgres,
				test: {
					...withPostgres.test,
					globalSetup: "./test/support/postgres-setup.ts",
					// They share the one database.
					fileParallelism: false,
					sequence: { groupOrder: 1 },
					env: { POSTGRES_PORT: String(POSTGRES_PORT) },
				},
			},
			{
				// Pure functions share a process: nothing of one file can reach another.
				test: {
					name: "shared",
					testTimeout: PATIENCE_MS,
					include: ["test/shared/**/*.test.ts"],
					environment: "node",
					isolate: false,
				},
			},
			{
				test: {
					name: "container",
					testTimeout: PATIENCE_MS,
					include: ["test/{container,local,scripts}/**/*.test.ts"],
					environment: "node",
				},
			},
			{
				// What a page computes needs no document.
				test: {
					name: "page",
					testTimeout: PATIENCE_MS,
					include: ["test/web/**/*.test.ts"],
					environment: "node",
					isolate: false,
				},
			},
			{
				plugins: [react()],
				test: {
					name: "web",
					testTimeout: PATIENCE_MS,
					include: ["test/web/**/*.test.tsx"],
					environment: "happy-dom",
					isolate: false,
				},
			},
		],
	},
});
