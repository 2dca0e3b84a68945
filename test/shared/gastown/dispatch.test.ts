import { expect, test } from "vitest";
import {
	backOffMs, DEFAULT_THRESHOLDS, type DispatchHolds, dispatchVerdict, MAX_DISPATCH_ATTEMPTS, nextDispatchAt,
} from "../../../shared/gastown/index.ts"; // biome-ignore format: a list

const AT = Date.parse("2026-11-22T10:00:00.000Z");
const bead = (dispatch_attempts: number) => ({
	dispatch_attempts,
	last_dispatch_attempt_at: dispatch_attempts === 0 ? null : new Date(AT).toISOString(),
});
const free: DispatchHolds = {
	draining: false,
	billingBlocked: false,
	paused: false,
	pausedUntil: null,
	failingBeads: 0,
	circuitBeads: DEFAULT_THRESHOLDS.circuit_beads,
	circuitWindowMs: DEFAULT_THRESHOLDS.circuit_window_ms,
};

test("TOWN-4: a bead waits 30 s, 1, 2, 5 and 10 minutes after its starts, and is given up after 5", () => {
	expect([0, 1, 2, 3, 4, 5, 6, 50].map((n) => backOffMs(n) / 1_000)).toEqual([
		30, 30, 60, 120, 300, 600, 600, 600,
	]);
	expect(MAX_DISPATCH_ATTEMPTS).toBe(5);
	expect(nextDispatchAt(bead(0))).toBeNull();
	expect(nextDispatchAt(bead(3))).toBe(AT + 120_000);
});

test("TOWN-4: back-off ends exactly at its time, and a person's `now` skips it", () => {
	expect(dispatchVerdict(bead(2), free, AT + 59_999)).toMatchObject({
		ok: false,
		code: "backing-off",
		details: { next_at: AT + 60_000 },
	});
	expect(dispatchVerdict(bead(2), free, AT + 60_000)).toEqual({ ok: true });
	expect(dispatchVerdict(bead(2), free, AT, { skipBackOff: true })).toEqual({ ok: true });
});

test("TOWN-4: used attempts are refused at the rig's own limit, even at once", () => {
	expect(dispatchVerdict(bead(5), free, AT * 2)).toMatchObject({ code: "dispatch-exhausted" });
	expect(dispatchVerdict(bead(2), free, AT * 2, { max: 2, skipBackOff: true })).toMatchObject({
		code: "dispatch-exhausted",
	});
	expect(dispatchVerdict(bead(5), free, AT * 2, { max: 6 })).toEqual({ ok: true });
});

test("TOWN-4: what holds the whole town is told first, in the order of the notices", () => {
	const all: DispatchHolds = {
		draining: true,
		billingBlocked: true,
		paused: true,
		pausedUntil: AT + 1,
		...{ failingBeads: free.circuitBeads, circuitBeads: free.circuitBeads, circuitWindowMs: 1 },
	};
	const code = (holds: DispatchHolds, now = AT) => {
		const verdict = dispatchVerdict(bead(5), holds, now);
		return verdict.ok ? "ok" : verdict.code;
	};
	expect(code(all)).toBe("billing-blocked");
	expect(code({ ...all, billingBlocked: false })).toBe("paused");
	expect(code({ ...all, billingBlocked: false, paused: false })).toBe("paused-by-admin");
	const running = { ...all, billingBlocked: false, paused: false };
	expect(code(running, AT + 1)).toBe("draining");
	expect(code({ ...running, draining: false }, AT + 1)).toBe("circuit-breaker");
	expect(code({ ...running, draining: false, failingBeads: free.circuitBeads - 1 }, AT + 1)).toBe(
		"dispatch-exhausted",
	);
});
