import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { isMethod, isReportKind, METHODS, REPORTS } from "../../shared/ingest/index.ts";
import { checkContainerToken } from "../auth/container-token.ts";
import { isId } from "../auth/valid-id.ts";
import { logFailure } from "../log.ts";
import type { Called } from "../rpc.ts";
import { townStub } from "../stubs.ts";
import { containerEnded } from "./container-ended.ts";
import { drillsUrl } from "./drills.ts";
import { ingestStream } from "./ingest-stream.ts";
import { problem } from "./problem.ts";
import { readBody } from "./read-body.ts";

/** Largest body of a report or a call; the longest text in one is a bead's body. */
const REPORT_BYTES = 1024 * 1024;
/** Largest batch of SDK events: tool outputs come whole and are cut in the stream (STREAM-2). */
const STREAM_BYTES = 8 * 1024 * 1024;

const limited = (bytes: number) =>
	bodyLimit({
		maxSize: bytes,
		onError: (c) => problem(c, 413, "too_large", `The body is over ${bytes} bytes.`, { details: { bytes } }),
	});

/** Lets only the container of this town through (SEC-5). */
const ofThisTown = createMiddleware<{ Bindings: Env }>(async (c, next) => {
	const town = c.req.param("townId") ?? "";
	if (!isId(town)) return problem(c, 400, "bad_town_id", "This is not the id of a town.");
	const checked = await checkContainerToken(
		c.env.CONTAINER_TOKEN_SECRET,
		c.req.header("Authorization"),
		town,
		Date.now(),
	);
	if (!checked.ok) return problem(c, checked.status, checked.code, checked.message);
	return next();
});

/** What a town's container reports and calls: `POST /api/towns/:townId/container/…`. Never an intervention (LEDGER-1). */
export const ingestRoutes = new Hono<{ Bindings: Env }>()
	.use("/api/towns/:townId/container/*", ofThisTown)
	.post("/api/towns/:townId/container/agent-events", limited(STREAM_BYTES), ingestStream)
	.post("/api/towns/:townId/container/gastown/:method", limited(REPORT_BYTES), async (c) => {
		const { townId, method } = c.req.param();
		if (!isMethod(method) || (method === "practiceState" && drillsUrl(c.env) === null))
			return problem(c, 404, "no_such_method", `There is no method ${method}.`);
		const read = await readBody(c, METHODS[method]);
		if (!read.ok) return read.response;
		const at = happenedAt(c.req.header(HAPPENED_AT), Date.now());
		if (at === undefined) return badTime(c);
		const cause = { ...whoCalls(read.body), what: method, id: c.get("requestId") ?? null };
		return answer(c, () => townStub(c.env, townId).gastown(method, read.body as never, cause, at));
	})
	.post("/api/towns/:townId/container/ended", limited(REPORT_BYTES), containerEnded)
	.post("/api/towns/:townId/container/:kind", limited(REPORT_BYTES), async (c) => {
		const { townId, kind } = c.req.param();
		if (!isReportKind(kind)) return problem(c, 404, "no_such_report", `There is no report ${kind}.`);
		const read = await readBody(c, REPORTS[kind]);
		if (!read.ok) return read.response;
		const at = happenedAt(c.req.header(HAPPENED_AT), Date.now());
		if (at === undefined) return badTime(c);
		const by = "agent_id" in read.body ? read.body.agent_id : null;
		const cause = { kind: "container", what: kind, id: c.get("requestId") ?? null, by };
		return answer(c, () => townStub(c.env, townId).ingest(kind, read.body as never, cause, at));
	});

/** Of a call that could not be told when it happened, e.g. while the worker was out of reach: epoch milliseconds. */
const HAPPENED_AT = "Happened-At";
const LATEST_MS = 30 * 24 * 3_600_000;

const badTime = (c: Context): Response =>
	problem(c, 400, "bad_time", `${HAPPENED_AT} is not a time of the last 30 days.`, {
		details: { field: HAPPENED_AT },
	});

/** Null where nothing is said: it happens now. Undefined where it is no time of the past 30 days. */
function happenedAt(text: string | undefined, now: number): number | null | undefined {
	if (text === undefined) return null;
	const at = Number(text);
	return Number.isInteger(at) && at <= now && at > now - LATEST_MS ? at : undefined;
}

/** Who a call goes back to, as far as its arguments say (FEED-5). */
function whoCalls(args: object): { kind: "agent" | "user"; by: string | null } {
	if ("agent_id" in args) return { kind: "agent", by: String(args.agent_id) };
	const by = "actor" in args ? args.actor : "created_by" in args ? args.created_by : null;
	return { kind: "user", by: typeof by === "string" ? by : null };
}

/** The value of a call, or its refusal: 404 for what is not there, 409 for what cannot be done now, 503 for no answer. */
async function answer(c: Context, call: () => Promise<Called>): Promise<Response> {
	let called: Called;
	try {
		called = await call();
	} catch (error) {
		logFailure("town", { path: c.req.path }, error);
		return problem(c, 503, "town_unavailable", "The town did not answer. Try again.");
	}
	if (called.ok) return c.json(called.value as object | null);
	const status = called.code.startsWith("no-such-") ? 404 : 409;
	return problem(c, status, called.code, called.message, { details: called.details });
}
