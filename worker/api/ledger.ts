import { type Context, Hono } from "hono";
import { createMiddleware } from "hono/factory";
import type { z } from "zod";
import { type LedgerPage, ledgerFilter } from "../../shared/ledger/search.ts";
import { type AdminVariables, requireAdmin } from "../auth/require-admin.ts";
import { isId } from "../auth/valid-id.ts";
import { directoryOf } from "../directory/index.ts";
import { checkLedger } from "../ledger/check.ts";
import { headerOf, jsonLines, searchCsv, searchJson, streamOf, townCsv } from "../ledger/export.ts";
import { parseCursor, searchLedger } from "../ledger/search.ts";
import { logFailure } from "../log.ts";
import { sessionStub, townStub } from "../stubs.ts";
import { problem } from "./problem.ts";

const PAGE = 50;

type Variables = AdminVariables & { town: { id: string; name: string | null } };
type LedgerContext = Context<{ Bindings: Env; Variables: Variables }>;

/** A town that is there, or whose ledger is: the ledger outlives it. Nothing is made for an id that nobody has. */
const aTown = createMiddleware<{ Bindings: Env; Variables: Variables }>(async (c, next) => {
	const id = c.req.param("townId") ?? "";
	if (!isId(id)) return problem(c, 400, "bad_town_id", "This is not the id of a town.");
	const [known, described] = await Promise.allSettled([
		c.env.DB.prepare(
			`SELECT h.town, t.name FROM ledger_heads h LEFT JOIN ledger_towns t ON t.town = h.town WHERE h.town = ?`,
		)
			.bind(id)
			.first<{ name: string | null }>(),
		townStub(c.env, id).describe(),
	]);
	const town = described.status === "fulfilled" ? described.value : null;
	const mirrored = known.status === "fulfilled" ? known.value : null;
	if (!town && !mirrored) {
		if (known.status === "fulfilled" && described.status === "fulfilled")
			return problem(c, 404, "no_such_town", `There is no town ${id}, and no ledger of it.`);
		return problem(c, 503, "town_unavailable", "The town could not be reached. Try again in a moment.");
	}
	c.set("town", { id, name: town?.name ?? mirrored?.name ?? null });
	return next();
});

/**
 * Reads of the ledger; what is done goes over the socket alone (LEDGER-1). `GET /api/ledger` searches over all towns,
 * `/api/ledger/export.csv` and `…/export.json` are all that it finds. Of one town: `/api/towns/:townId/ledger?after=` its rows as they were hashed,
 * `…/check` compares them with every other record, `…/export.jsonl` and `…/export.csv` are the whole.
 */
export const ledgerRoutes = new Hono<{ Bindings: Env; Variables: Variables }>()
	.get("/api/ledger", requireAdmin, async (c) => {
		const read = readFilter(c);
		if (!read.ok) return read.response;
		const before = c.req.query("before");
		const cursor = before === undefined ? null : parseCursor(before);
		if (before !== undefined && !cursor)
			return problem(c, 422, "bad_cursor", "before: not a cursor of a search.");
		const limit = Number(c.req.query("limit") ?? PAGE);
		if (!Number.isInteger(limit) || limit < 1 || limit > PAGE)
			return problem(c, 422, "bad_limit", `limit: a number from 1 to ${PAGE}.`);
		const found = await readOr503(c, () =>
			searchLedger(c.env.DB, directoryOf(c.env), read.filter, cursor, limit),
		);
		if (found instanceof Response) return found;
		return c.json({ ...found, at: new Date().toISOString() } satisfies LedgerPage);
	})
	.get("/api/ledger/export.csv", requireAdmin, (c) => {
		const read = readFilter(c);
		if (!read.ok) return read.response;
		return file(c, "ledger.csv", "text/csv", searchCsv(c.env.DB, directoryOf(c.env), read.filter));
	})
	.get("/api/ledger/export.json", requireAdmin, (c) => {
		const read = readFilter(c);
		if (!read.ok) return read.response;
		return file(c, "ledger.json", "application/json", searchJson(c.env.DB, directoryOf(c.env), read.filter));
	})
	.use("/api/towns/:townId/ledger/*", requireAdmin, aTown)
	.get("/api/towns/:townId/ledger/rows", async (c) => {
		const after = Number(c.req.query("after") ?? 0);
		if (!Number.isInteger(after) || after < 0)
			return problem(c, 422, "bad_after", "after: the number of an entry, 0 for the beginning.");
		const rows = await readOr503(c, () => sessionStub(c.env, c.var.town.id).ledgerRows(after, 4 * PAGE));
		if (rows instanceof Response) return rows;
		return c.json({ town: c.var.town.id, rows });
	})
	.get("/api/towns/:townId/ledger/check", async (c) => {
		const { id: town } = c.var.town;
		const check = await checkLedger({
			...{ town, db: c.env.DB, session: sessionStub(c.env, town), townStub: townStub(c.env, town) },
			now: Date.now(),
		});
		return c.json(check);
	})
	.get("/api/towns/:townId/ledger/export.jsonl", async (c) => {
		const { town } = c.var;
		const session = sessionStub(c.env, town.id);
		const header = await readOr503(c, () => headerOf(town, c.env.DB, session, Date.now()));
		if (header instanceof Response) return header;
		return file(c, `ledger-${town.id}.jsonl`, "application/jsonl", jsonLines(header, session));
	})
	.get("/api/towns/:townId/ledger/export.csv", (c) => {
		const { town } = c.var;
		return file(c, `ledger-${town.id}.csv`, "text/csv", townCsv(town, sessionStub(c.env, town.id)));
	});

function readFilter(
	c: LedgerContext,
): { ok: true; filter: z.infer<typeof ledgerFilter> } | { ok: false; response: Response } {
	const asked = Object.entries(c.req.query()).filter(([, value]) => value !== "");
	const parsed = ledgerFilter.safeParse(Object.fromEntries(asked));
	if (parsed.success) return { ok: true, filter: parsed.data };
	const [issue] = parsed.error.issues;
	const message = `${issue?.path.join(".")}: ${issue?.message}`;
	return { ok: false, response: problem(c, 422, "bad_filter", message) };
}

/** A failed read is told as such; it never looks like an empty ledger. */
async function readOr503<T>(c: Context, fn: () => Promise<T>): Promise<T | Response> {
	try {
		return await fn();
	} catch (error) {
		logFailure("ledger", { path: c.req.path }, error);
		return problem(c, 503, "ledger_unavailable", "The ledger could not be read. Try again in a moment.");
	}
}

function file(c: Context, name: string, type: string, parts: AsyncGenerator<string>): Response {
	const safe = name.replace(/[^\w.@-]/g, "_");
	return c.body(streamOf(parts), 200, {
		"Content-Type": `${type}; charset=utf-8`,
		"Content-Disposition": `attachment; filename="${safe}"`,
	});
}
