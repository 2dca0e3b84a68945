import { afterEach, expect, test, vi } from "vitest";
import { UpgradeSlots } from "../../../worker/admin-session/upgrade-slots.ts";

afterEach(() => vi.useRealTimers());
const turn = () => new Promise<void>((resolve) => queueMicrotask(resolve));

test("SESSION-1: at most six upgrades wait at once, and a failed one gives its slot back", async () => {
	const slots = new UpgradeSlots(6);
	let open = 0;
	let most = 0;
	const answers: (() => void)[] = [];
	const results = Array.from({ length: 20 }, (_, n) =>
		slots
			.run(async () => {
				most = Math.max(most, ++open);
				await new Promise<void>((resolve) => answers.push(resolve));
				open--;
				if (n % 3 === 0) throw new Error("refused");
				return new Response();
			})
			.catch(() => null),
	);
	while (answers.length > 0 || open > 0) {
		answers.shift()?.();
		await turn();
	}
	expect((await Promise.all(results)).filter((n) => n !== null)).toHaveLength(13);
	expect(most).toBe(6);
});

test("SESSION-1: an upgrade that is never answered does not keep its slot", async () => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
	const slots = new UpgradeSlots(1);
	let answer: (response: Response) => void = () => {};
	const first = slots.run(() => new Promise((resolve) => (answer = resolve)));
	const second = slots.run(async () => new Response("second"));
	const failed = expect(first).rejects.toThrow("no answer");
	await vi.advanceTimersByTimeAsync(15_000);
	await failed;
	expect(await (await second).text()).toBe("second");
	const { 0: client, 1: server } = new WebSocketPair();
	server.accept();
	const ended = new Promise((resolve) => server.addEventListener("close", resolve));
	answer(new Response(null, { status: 101, webSocket: client }));
	await ended;
});
