import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useKeys } from "../../../web/routes/keys.ts";
import { SHORTCUTS } from "../../../web/routes/shortcuts.ts";
import { LiveTable } from "../../../web/ui/live-table/live-table.tsx";
import type { Column } from "../../../web/ui/live-table/types.ts";
import { Stream } from "../../../web/ui/stream/stream.tsx";
import { townKeys } from "./fixtures/town-keys.ts";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const COLUMNS: Column<string>[] = [{ id: "title", head: "Title", width: "1fr", cell: (it) => it }];
const same = (it: string) => it;

let root: ReturnType<typeof createRoot>;
let box: HTMLElement;
beforeEach(() => {
	for (const [name, size] of [
		["offsetHeight", 600],
		["offsetWidth", 800],
		["clientHeight", 600],
	] as const)
		vi.spyOn(HTMLElement.prototype, name, "get").mockReturnValue(size);
	box = document.body.appendChild(document.createElement("div"));
	root = createRoot(box);
});
afterEach(() => {
	act(() => root.unmount());
	box.remove();
	vi.restoreAllMocks();
	vi.unstubAllGlobals();
});

/** True where somebody took the key for theirs. */
function press(key: string): boolean {
	const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, shiftKey: key === "X" });
	act(() => void (document.activeElement ?? document.body).dispatchEvent(event));
	return event.defaultPrevented;
}

const list = (
	<LiveTable
		label="Beads"
		rows={["one", "two", "three"]}
		keyOf={same}
		columns={COLUMNS}
		onOpen={() => undefined}
		onSelect={() => undefined}
	/>
);
const focusRow = () => act(() => box.querySelector<HTMLElement>("[data-row][tabindex='0']")?.focus());
const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];

test("PAGE-8: a list takes exactly the keys that are listed for it", () => {
	act(() => root.render(list));
	focusRow();
	for (const key of Object.keys(SHORTCUTS.list)) expect([key, press(key)]).toEqual([key, true]);
	for (const key of LETTERS.filter((letter) => !(letter in SHORTCUTS.list)))
		expect([key, press(key)]).toEqual([key, false]);
});

test("PAGE-8: a stream takes the keys that are listed for it", () => {
	act(() => root.render(<Stream label="Events" items={["one"]} keyOf={same} estimate={28} item={same} />));
	act(() => box.querySelector<HTMLElement>("[role='log']")?.focus());
	const { p: _, ...others } = SHORTCUTS.stream;
	for (const key of Object.keys(others)) expect([key, press(key)]).toEqual([key, true]);
	press("p");
	expect(box.textContent).toMatch(/Paused/);
	press("p");
	expect(box.textContent).not.toMatch(/Paused/);
});

const town = townKeys();
function Town() {
	useKeys("town", town);
	return list;
}

test("PAGE-8: the second key of a chord is nobody's own, also not of the list that has the focus; nothing acts while typing", () => {
	const copied = vi.fn(async () => undefined);
	vi.stubGlobal("navigator", { clipboard: { writeText: copied } });
	act(() => root.render(<Town />));
	focusRow();
	press("g");
	press("c");
	expect(town["g c"]).toHaveBeenCalledOnce();
	expect(copied).not.toHaveBeenCalled();
	press("c");
	expect(copied).toHaveBeenCalledWith("one");
	const field = box.appendChild(document.createElement("input"));
	field.focus();
	for (const key of ["!", "w", "g", "c"]) press(key);
	expect(town["!"]).not.toHaveBeenCalled();
	expect(town.w).not.toHaveBeenCalled();
	expect(town["g c"]).toHaveBeenCalledOnce();
	press("Escape");
	expect(town.Escape).toHaveBeenCalledOnce();
});
