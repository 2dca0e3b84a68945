import { act, createElement, useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { BeadEvent } from "../../../shared/gastown/index.ts";
import { applyChanges, emptyTown, type TownView } from "../../../shared/town-view/index.ts";
import type { TownClient } from "../../../web/live/client.ts";
import { type OpenTown, OpenTownContext } from "../../../web/town/open-town.ts";
import { useJournal } from "../../../web/town/use-journal.ts";
import { useLedger } from "../../../web/town/use-ledger.ts";
import { render } from "./fixtures/render.ts";
import { aBeadEvent, aLedgerEntry, at } from "./fixtures/rows.ts";

let page: ReturnType<typeof render> | null = null;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
	page?.end();
	vi.useRealTimers();
});
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

const event = (n: number, bead_id = "b1"): BeadEvent =>
	aBeadEvent({ bead_event_id: `e${String(n).padStart(4, "0")}`, bead_id, created_at: at(n) });
const aTown = (seq = 0): TownView => ({ ...emptyTown(), position: { epoch: "e1", seq, mark: `m${seq}` } });
const live = (view: TownView, ...rows: BeadEvent[]) => {
	for (const row of rows) {
		const from = (view.position?.seq ?? 0) + 1;
		const changes: [number, string, string, "put", object][] = [
			[from, "bead_events", row.bead_event_id, "put", row],
		];
		const batch = { from, to: from, at: 0, cause: null, mark: `m${from}`, changes };
		applyChanges(view, {
			t: "changes", epoch: "e1", from, to: from, mark: `m${from}`, sent_at: 0, batches: [batch as never],
		}); // biome-ignore format: a frame
	}
};

/** A history of b1 beside a button that shows, hides and renders it anew, in a town whose answers are the test's. */
function show(answers: BeadEvent[][]) {
	const asked = vi.fn(async () => ({ rows: answers.shift() ?? [], more: false }));
	let town = { view: aTown(), ask: asked } as unknown as OpenTown;
	let told: string[] = [];
	function History() {
		told = useJournal("bead_events", { bead_id: "b1" }).rows.map((row) => row.bead_event_id);
		return null;
	}
	let again = () => {};
	let shown = true;
	function Host() {
		const [, setN] = useState(0);
		again = () => setN((n) => n + 1);
		return createElement(OpenTownContext, { value: { ...town } }, shown ? <History /> : null);
	}
	page = render(<Host />);
	return {
		asked,
		rows: () => told,
		async render(view = town.view, show = true) {
			town = { ...town, view };
			shown = show;
			act(again);
			await pass(200);
		},
		view: () => town.view,
	};
}

test("P2: an open history keeps what it read and what came live, however much else the town writes", async () => {
	const it = show([[event(2), event(1)]]);
	await pass(200);
	expect(it.rows()).toEqual(["e0001", "e0002"]);
	live(it.view(), event(3));
	await it.render();
	live(it.view(), ...Array.from({ length: 600 }, (_, i) => event(10 + i, "other")));
	expect(it.view().tables.bead_events.has("e0003")).toBe(false);
	await it.render();
	expect(it.rows()).toEqual(["e0001", "e0002", "e0003"]);
	expect(it.asked).toHaveBeenCalledTimes(1);
});

test("FEED-3: after a whole state an open history is read anew", async () => {
	const it = show([[event(1)], [event(5), event(1)]]);
	await pass(200);
	await it.render(aTown(9));
	expect(it.rows()).toEqual(["e0001", "e0005"]);
	expect(it.asked).toHaveBeenCalledTimes(2);
});

test("SEC-3: who comes back to a history reads it again only where live rows may have been missed", async () => {
	const it = show([[event(1)], [event(1)]]);
	await pass(200);
	live(it.view(), event(2, "other"));
	await it.render();
	await it.render(it.view(), false);
	live(it.view(), event(3));
	await it.render();
	expect([it.rows(), it.asked.mock.calls.length]).toEqual([["e0001", "e0003"], 1]);
	await it.render(it.view(), false);
	live(it.view(), ...Array.from({ length: 600 }, (_, i) => event(10 + i, "other")));
	await it.render();
	expect(it.asked).toHaveBeenCalledTimes(2);
});

test("SEC-3: the ledger that the client has is read by nobody again; holes and older entries are, at a press", async () => {
	const asked = vi.fn(async (_: unknown) => ({
		rows: [39, 38, 37].map((n) => aLedgerEntry({ n })),
		more: true,
	}));
	const ledger = [36, 40, 41].map((n) => aLedgerEntry({ n }));
	const town = { client: {} as TownClient, ask: asked, ledger } as unknown as OpenTown;
	let told: ReturnType<typeof useLedger> | null = null;
	function Ledger() {
		told = useLedger();
		return null;
	}
	page = render(createElement(OpenTownContext, { value: town }, <Ledger />));
	const now = () => told as unknown as ReturnType<typeof useLedger>;
	await pass(5_000);
	expect(asked).not.toHaveBeenCalled();
	expect(now().more).toBe(true);
	act(() => now().older());
	await pass(1);
	expect(asked.mock.calls[0]?.[0]).toMatchObject({ kind: "ledger", before: 40 });
	expect(now().rows.map(({ n }) => n)).toEqual([36, 37, 38, 39, 40, 41]);
	act(() => now().older());
	expect(asked.mock.calls[1]?.[0]).toMatchObject({ kind: "ledger", before: 36 });
	await pass(1);
});
