import { act } from "react";
import { expect, test } from "vitest";
import { type Asked, useAction } from "../../../web/town/action-state.ts";
import { usePalette } from "../../../web/town/palette-state.ts";
import { feed, openLive, stateAt, welcome } from "../live/fake-session.ts";
import { inFakeTime, pass } from "./fixtures/fake-time.ts";
import { aBead, aLedgerEntry } from "./fixtures/rows.ts";
import { showTown } from "./fixtures/town-page.tsx";

inFakeTime(() => {
	usePalette.getState().setOpen(false);
	useAction.getState().close();
	history.replaceState(null, "", "/");
});

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

test.each([
	["Never reached the town; nothing was changed.", []],
	["Sent", ["intent"]],
])("LEDGER-2: an action whose answer was lost ends as what the town says of it: %s", async (words, steps) => {
	const { now, socket, client } = await openLive();
	const bead = aBead({ bead_id: "b1", title: "Mend the quay" });
	now.say(stateAt(9, [], { tables: [["beads", [bead]]] }));
	const page = await showTown(client, "/towns/t1/state?open=bead:b1");
	await pass(100);
	const asked: Asked = {
		name: "bead.priority",
		target: { kind: "bead", id: "b1" },
		params: { priority: "high" },
		finding: null,
	};
	act(() => useAction.getState().ask(asked, "case 4711"));
	await pass(100);
	const confirm = page.box.querySelector<HTMLElement>("[data-sheet] button[aria-keyshortcuts]");
	await act(async () => confirm?.click());
	const { intervention } = now.of("propose")[0] as { intervention?: string };
	await act(async () => now.drop());
	await pass(100);
	const sheet = () => page.box.querySelector("[data-sheet]")?.textContent;
	expect(sheet()).toContain("Asking the town whether it was done");
	await pass(1_000);
	const again = await socket();
	again.open();
	again.say(welcome(again.of("hello")[0]?.id, { resumed: true }));
	const rows = steps.map((step) => aLedgerEntry({ id: intervention, step }));
	for (const { id, question } of again.of("query"))
		if ((question as { kind: string }).kind === "ledger")
			again.say({ t: "answer", id, ok: true, value: { rows, more: false } });
	await pass(100);
	for (const { id, question } of again.of("query"))
		if ((question as { kind: string }).kind === "ledger")
			again.say({ t: "answer", id, ok: true, value: { rows, more: false } });
	await pass(100);
	expect(sheet()).toContain(words);
	expect(sheet()).not.toContain("Asking the town");
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
