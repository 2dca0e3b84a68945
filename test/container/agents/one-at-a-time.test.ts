import { expect, test } from "vitest";
import { oneAtATime } from "../../../container/agents/one-at-a-time.ts";

const never = new AbortController().signal;

test("AGENT-2: servers are started one after the other; one that fails, or is given up, holds nobody up", async () => {
	const inTurn = oneAtATime();
	const log: string[] = [];
	const first = Promise.withResolvers<void>();
	const starts = (name: string, until: Promise<unknown>) => async () => {
		log.push(`${name} begins`);
		await until;
		log.push(`${name} is up`);
		return name;
	};
	const one = inTurn(never, starts("one", first.promise));
	const impatient = new AbortController();
	const two = inTurn(impatient.signal, starts("two", Promise.resolve()));
	const three = inTurn(never, () => Promise.reject(new Error("no room")));
	const four = inTurn(never, starts("four", Promise.resolve()));
	impatient.abort();
	await expect(two).rejects.toThrow("it was not its turn");
	expect(log).toEqual(["one begins"]);
	first.resolve();
	expect(await one).toBe("one");
	await expect(three).rejects.toThrow("no room");
	expect(await four).toBe("four");
	expect(log).toEqual(["one begins", "one is up", "four begins", "four is up"]);
});

test("AGENT-2: who comes with a wait that is over already does not begin", async () => {
	const inTurn = oneAtATime();
	await expect(inTurn(AbortSignal.abort(), async () => "up")).rejects.toThrow("it was not its turn");
	expect(await inTurn(never, async () => "up")).toBe("up");
});
