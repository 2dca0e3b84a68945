import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
	vi.unstubAllGlobals();
	vi.resetModules();
});

test("SESSION-9: paints are told over one channel, in order, and not once they were cancelled", async () => {
	const made: MessageChannel[] = [];
	class Channel extends MessageChannel {
		constructor() {
			super();
			made.push(this);
		}
	}
	const frames: (() => void)[] = [];
	vi.stubGlobal("MessageChannel", Channel);
	vi.stubGlobal("requestAnimationFrame", (run: () => void) => frames.push(run));
	vi.stubGlobal("cancelAnimationFrame", () => {});
	vi.stubGlobal("document", { hidden: false });
	const { browserSchedule } = await import("../../../web/live/browser-schedule.ts");
	const told: number[] = [];
	browserSchedule.painted(() => told.push(1));
	const cancel = browserSchedule.painted(() => told.push(2));
	const last = new Promise<void>((resolve) => {
		browserSchedule.painted(() => {
			told.push(3);
			resolve();
		});
	});
	for (const frame of frames) frame();
	cancel();
	await last;
	expect(told).toEqual([1, 3]);
	expect(made).toHaveLength(1);
	for (const { port1, port2 } of made) {
		port1.close();
		port2.close();
	}
});
