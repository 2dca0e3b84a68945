import type { TestProject } from "vitest/node";
import { startPostgres } from "./postgres.ts";

/** Starts the Postgres that vitest.config.ts has told the worker of, when a test of its project runs, and ends it after them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const { stop } = await startPostgres(Number(project.config.env.POSTGRES_PORT));
	return stop;
}
