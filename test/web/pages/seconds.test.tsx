import { act } from "react";
import { expect, test } from "vitest";
import type { Finding } from "../../../shared/diagnosis/finding.ts";
import type { LedgerEntry } from "../../../shared/protocol/index.ts";
import { useAction } from "../../../web/town/action-state.ts";
import { useCountdown } from "../../../web/town/countdown.ts";
import { feed, openLive, stateAt, T0 } from "../live/fake-session.ts";
import { inFakeTime, pass } from "./fixtures/fake-time.ts";
import { aBead, aLedgerEntry, anAgent } from "./fixtures/rows.ts";
import { showTown } from "./fixtures/town-page.tsx";

inFakeTime(() => {
	useAction.getState().close();
	useCountdown.getState().setSeconds(0);
});

const agents = ["toast", "clove"];
/** A town with two agents that are stalled, and the page of it. */
async function opened(path = "/towns/t1/agents?open=agent:toast") {
	const { now, client } = await openLive();
	const rows = agents.map((id) => anAgent({ bead_id: id, status: "stalled" }));
	const beads = agents.map((id) =>
		aBead({ bead_id: id, type: "agent", title: id === "toast" ? "Toast" : "Clove" }),
	);
	now.say(
		stateAt(9, [], {
			tables: [
				["beads", beads],
				["agent_metadata", rows],
			],
		}),
	);
	const page = await showTown(client, path);
	await pass(100);
	return { now, client, page };
}

const intentOf = (
	id: string,
	more: Record<string, unknown> = {},
	admin = { id: "bo", email: "", name: "Bo Lind" },
) =>
	aLedgerEntry({
		...{ id, admin, at: Date.now(), n: Number(`${id.length}`) },
		body: {
			...{
				name: "agent.reset",
				target: "toast",
				target_name: "Toast",
				params: {},
				reason: "it hangs",
				case: "",
			},
			...{ saw: {}, finding: null, seq: 9, due: Date.now() + 5_000, ...more },
		},
	});

test("LEDGER-7: everybody sees who is about to do what, counts the seconds, and can cancel it", async () => {
	const { now, page } = await opened("/towns/t1/state");
	now.say({ t: "intervention", entries: [intentOf("i")] });
	await pass(100);
	const strip = () => page.box.querySelector("[aria-label='About to be done']");
	expect(strip()?.textContent).toContain("Bo Lind: Reset Toastin 5 s");
	expect(page.box.querySelector("[role='status']")?.textContent).toContain(
		"Bo Lind: Reset Toast in 5 seconds",
	);
	await pass(2_000);
	expect(strip()?.textContent).toContain("in 3 s");
	await act(async () => void page.router.navigate({ to: "/towns/t1/interventions" as never }));
	await pass(100);
	expect(page.box.querySelector("[data-story='i']")?.textContent).toContain("in 3 s");
	await act(async () => strip()?.querySelector("button")?.click());
	expect(now.of("cancel")).toMatchObject([{ of: "i" }]);
	now.say({
		t: "intervention",
		entries: [{ ...intentOf("i"), n: 2, step: "cancelled", body: { ms: 2_000 } }],
	});
	await pass(100);
	expect(strip()).toBeNull();
	page.end();
});

test("LEDGER-7: the sheet counts its own, and tells who cancelled it", async () => {
	const { now, page } = await opened();
	act(() => useCountdown.getState().setSeconds(10));
	act(() =>
		useAction
			.getState()
			.ask(
				{ name: "agent.reset", target: { kind: "agent", id: "toast" }, params: {}, finding: null },
				"it hangs",
			),
	);
	await pass(100);
	const sheet = () => page.box.querySelector<HTMLElement>("[data-sheet]");
	await act(async () => sheet()?.querySelector<HTMLElement>("button[aria-keyshortcuts]")?.click());
	const [proposed] = now.of("propose") as unknown as { id: string; intervention: string; wait_ms: number }[];
	expect(proposed?.wait_ms).toBe(10_000);
	const id = proposed?.intervention ?? "";
	const intent = { ...intentOf(id, { due: Date.now() + 10_000 }), n: 1 } satisfies LedgerEntry;
	now.say({ t: "intervention", entries: [intent] });
	now.say({ t: "answer", id: proposed?.id, ok: true, value: { receipt: null, entries: [intent] } });
	await pass(100);
	expect(sheet()?.textContent).toContain("Reset Toast in 10 s");
	expect(page.box.querySelector("[aria-label='About to be done']")).toBeNull();
	act(() => {
		sheet()?.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, key: "Escape" }));
	});
	expect(now.of("cancel")).toMatchObject([{ of: id }]);
	now.say({ t: "intervention", entries: [{ ...intent, n: 2, step: "cancelled", body: { ms: 100 } }] });
	await pass(100);
	expect(sheet()?.textContent).toContain("Cancelled by Bo Lind. Nothing was changed.");
	page.end();
});

test("SESSION-7: what another admin is about to do is told on the inspector and on the sheet, and what is asked here to them", async () => {
	const { now, page } = await opened();
	const other = {
		...{ id: "v2", admin: "bo", name: "Bo Lind", email: "", since: T0, focus: "agent:toast" },
		intention: { name: "agent.reset", target: "toast", label: "Reset Toast" },
	};
	now.say({
		...{ t: "session", now: Date.now(), viewers: [other], behind_bytes: 0, joined_ms: 0, say_hello: false },
		feeds: [feed("live")],
	});
	await pass(100);
	expect(page.box.querySelector("[data-actions='agent']")?.textContent).toContain(
		"Bo Lind is about to reset Toast",
	);
	act(() =>
		useAction
			.getState()
			.ask(
				{ name: "agent.kill", target: { kind: "agent", id: "toast" }, params: {}, finding: null },
				"it hangs",
			),
	);
	await pass(600);
	expect(page.box.querySelector("[data-sheet]")?.textContent).toContain("Bo Lind is about to reset Toast");
	expect(now.of("focus").at(-1)).toMatchObject({
		...{
			on: "agent:toast",
			intention: { name: "agent.kill", target: "toast", label: "Kill Toast's process" },
		},
	});
	act(() => useAction.getState().close());
	await pass(600);
	expect(now.of("focus").at(-1)).toMatchObject({ on: "agent:toast", intention: null });
	page.end();
});

test("LEDGER-9: a remedy of several steps is one sheet, approved once; each step's outcome is told, and the rest can be stopped", async () => {
	const { now, page } = await opened();
	const steps = agents.map((target) => ({ name: "agent.reset", target, params: {} }));
	const finding = { sentence: "Both hang." } as Finding;
	act(() =>
		useAction
			.getState()
			.ask(
				{ name: "agent.reset", target: { kind: "agent", id: "toast" }, params: {}, finding, steps },
				"both hang",
			),
	);
	await pass(100);
	const sheet = () => page.box.querySelector<HTMLElement>("[data-sheet]");
	expect(sheet()?.textContent).toMatch(/Do all 2 steps.*1\. Reset Toast: .*2\. Reset Clove: /s);
	await act(async () => sheet()?.querySelector<HTMLElement>("button[aria-keyshortcuts]")?.click());
	const [sent] = now.of("remedy") as unknown as {
		steps: { intervention: string; target: string; saw: object }[];
	}[];
	expect(sent).toMatchObject({ reason: "both hang", steps: agents.map((target) => ({ target })) });
	const [first, second] = sent?.steps.map(({ intervention }) => intervention) ?? [];
	const of = (id: string, n: number, step: string, body: Record<string, unknown>) => ({
		...{ ...intentOf(id), n, step, body },
	});
	const applied = {
		...{
			outcome: "applied",
			code: null,
			message: null,
			at: 2,
			before: {},
			after: {},
			seq: 10,
			within: 1_000,
		},
		effects: [{ label: "Toast is Idle", entity: "agent_metadata", key: "toast", is: "gone", outside: false }],
	};
	now.say({
		t: "intervention",
		entries: [
			of(first ?? "", 1, "intent", { ...intentOf("i").body }),
			of(first ?? "", 2, "started", {}),
			of(first ?? "", 3, "outcome", applied),
		],
	});
	await pass(100);
	expect(sheet()?.textContent).toMatch(/Step 1 of 2.*1\. Reset Toast.*2\. Reset Clove.*To come/s);
	const stop = [...(sheet()?.querySelectorAll("button") ?? [])].find((one) =>
		one.textContent?.includes("Stop before"),
	);
	await act(async () => stop?.click());
	expect(now.of("cancel")).toMatchObject([{ of: second }]);
	now.say({
		t: "intervention",
		entries: [of(first ?? "", 4, "proof", { seen: false, ms: 1_000, seq: 11, missing: ["Toast is Idle"] })],
	});
	await pass(100);
	expect(sheet()?.textContent).toMatch(/Stopped at step 1 of 2.*Not seen.*2\. Reset Clove.*Not done/s);
	page.end();
});
