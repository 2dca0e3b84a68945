import { agentStub } from "../../../worker/stubs.ts";
import type { GastownAgentDO } from "./gastown-agent-do.ts";
import { townRoute } from "./town-routes.ts";
import type { UnbatchedFeedDO } from "./unbatched-feed-do.ts";
import type { CapturedDO, PlainDO } from "./writes-do.ts";

export * from "../../../worker/index.ts";
export { GastownAgentDO } from "./gastown-agent-do.ts";
export { MeasuredTownDO } from "./measured-town-do.ts";
export { UnbatchedFeedDO } from "./unbatched-feed-do.ts";
export { CapturedDO, PlainDO } from "./writes-do.ts";

type BenchEnv = Env & {
	GASTOWN_AGENT: DurableObjectNamespace<GastownAgentDO>;
	CAPTURED: DurableObjectNamespace<CapturedDO>;
	PLAIN: DurableObjectNamespace<PlainDO>;
	UNBATCHED: DurableObjectNamespace<UnbatchedFeedDO>;
};

const event = (n: number) => ({
	at: 1_795_334_715_000 + n,
	id: `evt_${n.toString(16).padStart(12, "0")}00000000000000`,
	type: "message.part.delta",
	properties: {
		...{ sessionID: "ses_bench", messageID: "msg_bench", partID: "prt_bench", field: "text" },
		delta: `word ${n} `,
	},
});

/** Drives the objects from inside, so that what is timed from outside is their work and not HTTP. */
export default {
	async fetch(request: Request, env: BenchEnv): Promise<Response> {
		const url = new URL(request.url);
		const number = (name: string) => Number(url.searchParams.get(name));
		const name = url.searchParams.get("name") ?? "";
		const count = number("count");
		if (url.pathname.startsWith("/town/")) return townRoute(url, env);
		switch (url.pathname) {
			case "/health":
				break;
			case "/gastown/fill":
				await env.GASTOWN_AGENT.getByName(name).fill(name, count);
				break;
			case "/gastown/append": {
				const stub = env.GASTOWN_AGENT.getByName(name);
				for (let n = 0; n < count; n++) await stub.appendEvent(name, event(n).type, event(n).properties);
				break;
			}
			case "/stream/append": {
				const stub = agentStub(env, name);
				const size = number("batch");
				await stub.claim("bench", name);
				for (let n = 0; n < count; n += size) {
					const events = Array.from({ length: Math.min(size, count - n) }, (_, m) =>
						event(number("from") + n + m),
					);
					const producerSeq = number("seq") + n / size;
					const result = await stub.append({
						...{
							town: "bench",
							agent: name,
							producer: "bench",
							producerSeq,
							attempt: null,
							bead: null,
							events,
						},
					});
					if (!result.ok) return Response.json(result, { status: 409 });
				}
				break;
			}
			case "/captured/write":
				await env.CAPTURED.getByName(name).write(count, number("round"));
				break;
			case "/plain/write":
				await env.PLAIN.getByName(name).write(count, number("round"));
				break;
			case "/unbatched/change":
				await env.UNBATCHED.getByName(name).change(count, {
					bead_id: "bead-1",
					title: "Bead",
					priority: "high",
				});
				break;
			case "/unbatched/feed":
				return env.UNBATCHED.getByName(name).fetch(request);
			default:
				return new Response(null, { status: 404 });
		}
		return Response.json({ ok: true });
	},
} satisfies ExportedHandler<BenchEnv>;
