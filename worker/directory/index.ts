import { D1Directory } from "./d1.ts";
import type { Directory } from "./directory.ts";
import { PostgresDirectory } from "./postgres.ts";

export { anyCase } from "./any-case.ts";
export type { Directory, Membership, User } from "./directory.ts";

/** Gastown's Postgres where a Hyperdrive is bound, else the console's own D1. */
export const directoryOf = (env: Pick<Env, "DB" | "HYPERDRIVE">): Directory =>
	env.HYPERDRIVE ? new PostgresDirectory(env.HYPERDRIVE.connectionString) : new D1Directory(env.DB);
