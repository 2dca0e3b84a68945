import { act } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { usePalette } from "../../../web/town/palette-state.ts";
import { feed, openLive, stateAt, T0 } from "../live/fake-session.ts";
import { aBead } from "./fixtures/rows.ts";
import { showTown } from "./fixtures/town-page.tsx";

beforeEach(() => {
	vi.useFakeTimers({ now: T0 });
	vi.stubGlobal("fetch", async () => Response.json({}));
});
afterEach(() => {
	usePalette.getState().setOpen(false);
	history.replaceState(null, "", "/");
	vi.unstubAllGlobals();
	vi.useRealTimers();
});
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

test("PAGE-1: refused, nothing of the town can be found or done; signing in leads back here", async () => {
	history.replaceState(null, "", "/towns/t1/events?q=seq:41");
	const { now, client } = await openLive();
	const page = await showTown(client);
	await pass(100);
	expect(page.box.textContent).toContain("Find or do");
	await act(async () => now.drop(4401));
	await pass(100);
	expect(page.box.querySelector("[data-feed='refused']")).not.toBeNull();
	expect(page.box.textContent).not.toContain("Find or do");
	const again = page.box.querySelector<HTMLAnchorElement>("[data-feed='refused'] a");
	expect(again?.href).toContain("/towns/t1/events?q=seq:41");
	page.end();
});

test("P2: while blind what the palette finds is told as what it was", async () => {
	const { now, client } = await openLive();
	now.say(stateAt(9, [], { tables: [["beads", [aBead({ bead_id: "b1", title: "Mend the quay" })]]] }));
	const page = await showTown(client);
	act(() => usePalette.getState().setOpen(true, "#quay"));
	await pass(100);
	expect(document.body.textContent).toMatch(/Mend the quay(?!.*was open)/i);
	now.say({
		t: "session", now: Date.now(), viewers: [], behind_bytes: 0, joined_ms: 0, say_hello: false,
		feeds: [feed("waiting", { attempt: 4, reason: "refused" })],
	}); // biome-ignore format: a message
	await pass(100);
	expect(client.store.getState().connection.is).toBe("blind");
	expect(document.body.textContent).toMatch(/Mend the quay.*was open/i);
	page.end();
});
