import { expect, test } from "vitest";
import { stopAgent } from "../../../worker/town/control.ts";

const ORDER = { town: "town/1", agent: "agent:1", attempt: "attempt-1", key: "intervention-1" };
const answering = (status: number, body: string, seen: Request[] = []) =>
	(async (input: URL, init: RequestInit) => {
		seen.push(new Request(input, init));
		return new Response(body, { status });
	}) as typeof fetch;

test("LEDGER-2: a stop names its agent in the address and the attempt that it is to end, and carries the intervention's id as key", async () => {
	const seen: Request[] = [];
	const answer = await stopAgent("http://control.test:1", ORDER, answering(200, '{"stopped":true}', seen));
	expect(answer).toEqual({ ok: true, outcome: "asked" });
	expect(seen[0]?.method).toBe("POST");
	expect(seen[0]?.url).toBe("http://control.test:1/towns/town%2F1/agents/agent%3A1/stop");
	expect(seen[0]?.headers.get("Idempotency-Key")).toBe("intervention-1");
	expect(await seen[0]?.json()).toEqual({ attempt_id: "attempt-1" });
});

test("LEDGER-2: a container that runs no such agent says so, and that is no failure", async () => {
	expect(await stopAgent("http://c", ORDER, answering(200, '{"stopped":false}'))).toEqual({
		ok: true,
		outcome: "gone",
	});
	expect(await stopAgent("http://c", ORDER, answering(404, '{"error":{"code":"no_process"}}'))).toEqual({
		...{ ok: true, outcome: "gone" },
	});
	expect(await stopAgent("http://c", ORDER, answering(404, "no such page"))).toMatchObject({
		...{ ok: false, code: "refused" },
	});
});

test("FEED-6: errors of the container are values, in words, without its secrets", async () => {
	expect(await stopAgent("", ORDER)).toMatchObject({ ok: false, code: "not-configured" });
	const refused = await stopAgent(
		"http://c",
		ORDER,
		answering(500, "no: ghp_abcdefghijklmnopqrstuvwxyz0123456789"),
	);
	expect(refused).toMatchObject({ ok: false, code: "refused" });
	expect(JSON.stringify(refused)).toContain("500");
	expect(JSON.stringify(refused)).not.toContain("ghp_abcdef");
	const unreachable = await stopAgent("http://c", ORDER, (() =>
		Promise.reject(new Error("refused"))) as typeof fetch);
	expect(unreachable).toMatchObject({ ok: false, code: "unreachable" });
	expect(await stopAgent("not a url", ORDER)).toMatchObject({ ok: false, code: "unreachable" });
});
