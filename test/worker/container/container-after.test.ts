import { expect, test } from "vitest";
import type { ContainerReport } from "../../../shared/ingest/index.ts";
import { REPORTS } from "../../../shared/ingest/index.ts";
import { containerAfter, noContainer } from "../../../worker/town/container-after.ts";

const CLOCK = { now: Date.parse("2026-03-01T12:00:00Z"), window_ms: 60_000 };
const told = (type: ContainerReport["type"]) => ({
	...REPORTS["container-events"].parse({ type, instance_id: "i", exit_code: type === "sleep" ? 0 : null }),
	id: 7,
});
const running = containerAfter(noContainer("2026-03-01T11:00:00Z"), told("start"), [], CLOCK);

test("CONTAINER-4 CONTAINER-7: who was at work when it began to drain was caught by its sleep, though the drain ended the turn", () => {
	const draining = containerAfter({ ...running, sleep_after_ms: 4_000 }, told("eviction"), ["toast"], CLOCK);
	const asleep = containerAfter(draining, told("sleep"), [], CLOCK);
	expect(asleep.setbacks).toMatchObject([
		{ kind: "slept", agents: ["toast"], sleep_after_ms: 4_000, event_id: 7 },
	]);
	const again = containerAfter(asleep, told("start"), [], CLOCK);
	expect(again).toMatchObject({ drained: [], sleep_after_ms: null });
	const idle = containerAfter(containerAfter(again, told("eviction"), [], CLOCK), told("sleep"), [], CLOCK);
	expect(idle.setbacks).toHaveLength(1);
});
