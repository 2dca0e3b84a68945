import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { z } from "zod";
import type { DrillRuns } from "./drills/runs.ts";
import type { Forge } from "./forge/forge.ts";
import type { ScriptedModel } from "./model/scripted-model.ts";
import type { Platform } from "./platform/platform.ts";
import { bearsTokenOf } from "./platform/town-token.ts";
import type { TokenService } from "./tokens/token-service.ts";

export type World = {
	forge: Forge;
	tokens: TokenService;
	platform: Platform;
	model: ScriptedModel;
	secret: string;
	drills: DrillRuns;
};
/** Pages and routes of the demo, mounted beside; false where it is none of theirs. */
export type Also = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<boolean>;

type Answer = { status: number; body: unknown };
const start = z.object({ instance_id: z.string(), env: z.record(z.string(), z.string()) });
const stop = z.object({ how: z.enum(["term", "kill"]) });
const owner = z.object({ type: z.string(), id: z.string() });
const resolve = z.object({
	integration_id: z.string(),
	repo: z.string(),
	owner: owner.nullable().default(null),
});
const integration = z.object({
	id: z.string(),
	owner: owner.optional(),
	repositories: z.array(z.string()).optional(),
	write: z.boolean().optional(),
	revoked: z.boolean().optional(),
	lifetime_s: z.number().positive().optional(),
});

/** One port for everything that stands in for the outside world but the forge. Only loopback reaches it. */
export function localServer(world: World, also: Also): Server {
	return createServer((request, response) => {
		answer(world, also, request, response).catch((error: unknown) => {
			const status = error instanceof z.ZodError ? 400 : 500;
			if (!response.headersSent) response.writeHead(status, { "content-type": "application/json" });
			response.end(JSON.stringify({ error: { code: "failed", message: String(error) } }));
		});
	});
}

async function answer(
	world: World,
	also: Also,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const url = new URL(request.url ?? "/", "http://local");
	if (url.pathname.startsWith("/model/v1/")) return world.model.handle(request, response);
	if (await also(request, response, url)) return;
	const { status, body } = await route(world, request, `${request.method} ${url.pathname}`);
	response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function route(world: World, request: IncomingMessage, what: string): Promise<Answer> {
	if (what === "GET /health") return { status: 200, body: { ok: true, forge: world.forge.url } };
	const [, method = "", town = "", verb = ""] =
		/^(\w+) \/platform\/towns\/([^/]+)(?:\/(\w+))?$/.exec(what) ?? [];
	if (town) return ofPlatform(world, request, decodeURIComponent(town), `${method} ${verb}`);
	if (what === "POST /tokens/resolve") {
		const { integration_id, repo, owner } = resolve.parse(await json(request));
		return world.tokens.resolve(integration_id, repo, owner);
	}
	if (what.startsWith("POST /admin/"))
		return admin(world, what.slice("POST /admin/".length), await json(request));
	const drill = await ofDrills(world, what);
	return drill === null ? noSuch(what) : { status: 200, body: drill };
}

const noSuch = (what: string): Answer => ({
	status: 404,
	body: { error: { code: "not_found", message: `No ${what} here.` } },
});

/** Drills: what there is, one begun, how far it has come, its outer cause taken away, its end; null for what is none of these. */
async function ofDrills({ drills }: World, what: string): Promise<object | null> {
	if (what === "GET /drills") return { drills: drills.offers() };
	const [, method = "", name = ""] = /^(\w+) \/drills\/([\w.-]+)$/.exec(what) ?? [];
	if (method === "POST") return drills.begin(name);
	const [, verb = "", town = "", act = ""] = /^(\w+) \/drills\/runs\/([\w.-]+)(\/\w+)?$/.exec(what) ?? [];
	if (verb === "GET") return drills.of(town);
	if (verb === "POST" && act === "/mend") return drills.mend(town);
	return verb === "POST" && act === "/end" ? drills.end(town) : null;
}

async function ofPlatform(
	{ platform, secret }: World,
	request: IncomingMessage,
	town: string,
	what: string,
): Promise<Answer> {
	if (!(await bearsTokenOf(secret, town, request.headers.authorization)))
		return { status: 401, body: { error: { code: "no_token", message: "This needs the town's token." } } };
	if (what === "GET ") return { status: 200, body: platform.state(town) };
	if (what === "POST start") {
		const { instance_id, env } = start.parse(await json(request));
		const started = await platform.start(town, instance_id, env);
		if (started.ok) return { status: 200, body: { pid: started.pid, url: started.url } };
		return { status: 503, body: { error: { code: started.code, message: started.message } } };
	}
	if (what === "POST stop") {
		const { how } = stop.parse(await json(request));
		return { status: 200, body: { stopped: await platform.stop(town, how) } };
	}
	if (what === "POST sleep") {
		platform.sleepAfter(town, z.object({ after_ms: z.int().positive() }).parse(await json(request)).after_ms);
		return { status: 200, body: {} };
	}
	return noSuch(what);
}

/** How tests and drills break the outside world, and mend it. */
async function admin(
	{ forge, tokens, platform, model }: World,
	what: string,
	body: unknown,
): Promise<Answer> {
	const said = z.record(z.string(), z.unknown()).parse(body);
	const count = () =>
		z
			.number()
			.int()
			.nonnegative()
			.parse(said.times ?? 1);
	const id = () => z.string().parse(said.id);
	const acts: Record<string, () => unknown> = {
		repository: () => forge.ensure(z.string().parse(said.name)),
		"forge-down": () => forge.setDown(z.boolean().parse(said.down)),
		integration: () => tokens.put(integration.parse(said)),
		"revoke-tokens": () => ({ revoked: tokens.revokeTokens(id()) }),
		"expire-tokens": () => tokens.expireTokens(id(), z.number().parse(said.at)),
		"fail-tokens": () => tokens.fail(count()),
		"delay-tokens": () => tokens.delay(z.number().parse(said.ms)),
		"refuse-starts": () => platform.refuse(count()),
		"container-env": () =>
			platform.furnish(z.string().parse(said.town), z.record(z.string(), z.string()).parse(said.env)),
		"kill-container": () => platform.stop(z.string().parse(said.town), "kill"),
		"model-fault": () => model.faults.add(said),
		"model-well": () => model.faults.clear(),
	};
	const act = acts[what];
	if (!act) return { status: 404, body: { error: { code: "not_found", message: `No ${what}.` } } };
	return { status: 200, body: (await act()) ?? {} };
}
