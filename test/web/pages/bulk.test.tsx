import { act } from "react";
import { expect, test } from "vitest";
import { PER_MINUTE, sendAll } from "../../../web/town/bulk-send.ts";
import { useBulk } from "../../../web/town/bulk-state.ts";
import { openLive, stateAt } from "../live/fake-session.ts";
import { inFakeTime, pass } from "./fixtures/fake-time.ts";
import { aBead, aLedgerEntry, anAgent } from "./fixtures/rows.ts";
import { showTown } from "./fixtures/town-page.tsx";

inFakeTime(() => useBulk.getState().close());

const NAMES: Record<string, string> = { toast: "Toast", clove: "Clove", maple: "Maple" };

test("LEDGER-1: on a selection the sheet says how many qualify and why the others do not; each is a proposal of its own, told on its own, and cancelled with the others", async () => {
	const { now, client } = await openLive();
	const ids = Object.keys(NAMES);
	now.say(
		stateAt(9, [], {
			tables: [
				["beads", ids.map((id) => aBead({ bead_id: id, type: "agent", title: NAMES[id] ?? "" }))],
				[
					"agent_metadata",
					ids.map((id) => anAgent({ bead_id: id, status: id === "clove" ? "idle" : "stalled" })),
				],
			],
		}),
	);
	const page = await showTown(client, "/towns/t1/agents?sel=toast,clove,maple");
	await pass(100);
	const bar = page.box.querySelector("[data-bulk]");
	expect(bar?.textContent).toContain("3 selected");
	const press = [...(bar?.querySelectorAll("button") ?? [])].find((one) =>
		one.textContent?.startsWith("Reset"),
	);
	expect(press?.textContent).toBe("Reset 2 agents…");
	await act(async () => press?.click());
	const sheet = () => page.box.querySelector<HTMLElement>("[data-sheet]");
	expect(sheet()?.textContent).toContain("3 agents selected: 2 can be done");
	expect(sheet()?.textContent).toMatch(/Clove: Already idle/);
	await act(async () => sheet()?.querySelector<HTMLElement>("button[aria-keyshortcuts]")?.click());
	const sent = () =>
		now.of("propose") as unknown as { id: string; intervention: string; target: string; bulk: string }[];
	const answered = async (at: number) => {
		const { id, intervention, target } = sent()[at] ?? { id: "", intervention: "", target: "" };
		const entry = aLedgerEntry({
			...{ n: at + 1, id: intervention },
			body: {
				...{ name: "agent.reset", target, target_name: NAMES[target], params: {}, reason: "r", case: "" },
				...{ saw: {}, finding: null, seq: 9, due: Date.now() + 5_000, bulk: sent()[0]?.bulk },
			},
		});
		now.say({ t: "intervention", entries: [entry] });
		now.say({ t: "answer", id, ok: true, value: { receipt: null, entries: [entry] } });
		await pass(50);
		return entry;
	};
	const first = await answered(0);
	expect(sheet()?.textContent).toContain("1 to be proposed");
	await answered(1);
	expect(sent().map(({ target }) => target)).toEqual(["toast", "maple"]);
	expect(sent()[0]?.bulk).toBe(sent()[1]?.bulk);
	expect(sheet()?.textContent).toMatch(/0 of 2 seen.*The next in 5 s/s);
	await act(async () => sheet()?.querySelector<HTMLElement>("[data-cancel]")?.click());
	expect(now.of("cancel")).toMatchObject([{ of: sent()[0]?.bulk }]);
	now.say({ t: "intervention", entries: [{ ...first, n: 3, step: "cancelled", body: { ms: 9 } }] });
	await pass(100);
	expect([...(sheet()?.querySelectorAll("[data-outcome]") ?? [])].map((one) => one.textContent)).toEqual([
		"ToastCancelledCancelled by Mira Okafor. Nothing was changed.",
		"MapleCan be cancelled",
	]);
	page.end();
});

test("SEC-3: a large selection is sent no faster than the session takes it, and can be stopped on the way", async () => {
	let now = 0;
	const waits: (number | null)[] = [];
	const sent: number[] = [];
	const pace = {
		now: () => now,
		pass: async (ms: number) => {
			now += ms;
		},
		stopped: () => sent.length >= 2.5 * PER_MINUTE,
		waitsUntil: (at: number | null) => {
			waits.push(at);
		},
	};
	await sendAll(
		Array.from({ length: 3 * PER_MINUTE }, (_, n) => n),
		async () => {
			now += 10;
			sent.push(now);
		},
		pace,
	);
	expect(sent).toHaveLength(2.5 * PER_MINUTE);
	for (const [at, time] of sent.entries())
		if (at >= PER_MINUTE) expect(time - (sent[at - PER_MINUTE] ?? 0)).toBeGreaterThanOrEqual(60_000);
	expect(waits.filter((at) => at !== null)[0]).toBe(60_000);
	expect(waits.at(-1)).toBeNull();
});
