import { type Rig, rigs } from "../../shared/gastown/index.ts";
import type { MethodArgs } from "../../shared/ingest/index.ts";
import { redact, redactDeep } from "../../shared/redaction/index.ts";
import { getRow, insertRow } from "./rows.ts";
import { fail, isoNow, ok, type Result, type Town } from "./town.ts";

export const findRig = (town: Town, id: string): Rig | null => getRow(town.sql, rigs, id);

/** Adds a repository. A token in its URL is redacted before anything is stored (FEED-6). */
export function createRig(town: Town, args: MethodArgs<"createRig">): Result<Rig> {
	const id = args.id ?? town.uuid();
	if (findRig(town, id)) return fail("exists", `There is a rig "${id}" already.`, { id });
	if (town.sql.one("SELECT 1 FROM rigs WHERE name = ?", args.name))
		return fail("exists", `There is a rig named "${args.name}" already.`, { name: args.name });
	const shown = { git_url: redact(args.git_url), config: redactDeep(args.config) as typeof args.config };
	insertRow(town.sql, rigs, { ...args, id, ...shown, created_at: isoNow(town) });
	return ok(findRig(town, id) as Rig);
}
