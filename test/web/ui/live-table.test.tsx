import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { copy } from "../../../web/ui/copy.ts";
import { LiveTable } from "../../../web/ui/live-table/live-table.tsx";
import type { Column } from "../../../web/ui/live-table/types.ts";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

type Item = { key: string; title: string };
const COLUMNS: Column<Item>[] = [
	{
		id: "title",
		head: "Title",
		width: "1fr",
		cell: (it) => it.title,
		value: (it) => it.title,
		sortable: true,
	},
];
const keyOf = (it: Item) => it.key;
const item = (key: string, title = `Bead ${key}`): Item => ({ key, title });

let root: ReturnType<typeof createRoot>;
let box: HTMLElement;
beforeEach(() => {
	vi.useFakeTimers();
	// happy-dom lays nothing out.
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
	vi.useRealTimers();
});

const opened = vi.fn();
const selected = vi.fn();
const show = (rows: Item[], extra: object = {}) =>
	act(() =>
		root.render(
			<LiveTable
				label="Beads"
				rows={rows}
				keyOf={keyOf}
				columns={COLUMNS}
				onOpen={opened}
				onSelect={selected}
				rowHeight={28}
				{...extra}
			/>,
		),
	);
const rows = () => [...box.querySelectorAll<HTMLElement>("[data-row]")];
const keys = () => rows().map((row) => row.dataset.row);
const row = (key: string) => box.querySelector(`[data-row="${key}"]`) as HTMLElement;
const press = (key: string, init: object = {}) =>
	act(async () => {
		(document.activeElement ?? box).dispatchEvent(
			new KeyboardEvent("keydown", { key, bubbles: true, ...init }),
		);
		await vi.advanceTimersByTimeAsync(200);
	});
const hand = (type: "pointerenter" | "pointerleave") =>
	act(() => {
		box.querySelector('[role="rowgroup"]')?.dispatchEvent(new PointerEvent(type));
	});

test("PAGE-2: while the pointer is over it the order holds and says what waits; it applies a second after it left", () => {
	show([item("a"), item("b"), item("c")]);
	hand("pointerenter");
	show([item("n"), item("c"), item("a"), item("b")]);
	expect(keys()).toEqual(["a", "b", "c"]);
	expect(box.textContent).toContain("Order changed for 1 row, 1 newApply, r");
	hand("pointerleave");
	act(() => vi.advanceTimersByTime(900));
	expect(keys()).toEqual(["a", "b", "c"]);
	act(() => vi.advanceTimersByTime(200));
	expect(keys()).toEqual(["n", "c", "a", "b"]);
});

test("PAGE-5: another moment of the past is shown at once and whole: no row lingers and none waits, also under the hand", () => {
	show([item("a"), item("b")], { still: true });
	hand("pointerenter");
	show([item("n"), item("b")], { still: true });
	expect(keys()).toEqual(["n", "b"]);
	expect(box.textContent).not.toContain("Apply");
});

test("PAGE-2: cells go on changing while the order holds, and a row that has left shows its present state", () => {
	show([item("a"), item("b")]);
	hand("pointerenter");
	show([item("b", "Changed")], {
		current: (key: string) => (key === "a" ? item("a", "Closed now") : undefined),
	});
	expect(rows().map((it) => it.textContent)).toEqual(["Closed now", "Changed"]);
	expect(row("a").dataset.left).toBe("true");
});

test("PAGE-2: with focus in it nothing moves; r applies at once and the focus stays on its row", async () => {
	show([item("a"), item("b"), item("c")]);
	act(() => row("b").focus());
	show([item("c"), item("b"), item("a")]);
	expect(keys()).toEqual(["a", "b", "c"]);
	await press("r");
	expect(keys()).toEqual(["c", "b", "a"]);
	expect(document.activeElement).toBe(row("b"));
});

test("PAGE-2: one tab stop; j, k, Home and End move it; Enter and o open; x selects, with Shift a range", async () => {
	show([item("a"), item("b"), item("c"), item("d")]);
	expect(rows().map((it) => it.tabIndex)).toEqual([0, -1, -1, -1]);
	act(() => row("a").focus());
	await press("j");
	expect(document.activeElement).toBe(row("b"));
	await press("End");
	expect(document.activeElement).toBe(row("d"));
	await press("k");
	await press("Enter");
	expect(opened).toHaveBeenLastCalledWith("c", { wide: false });
	await press("o");
	expect(opened).toHaveBeenLastCalledWith("c", { wide: true });
	await press("Home");
	await press("x");
	expect(selected).toHaveBeenLastCalledWith(new Set(["a"]));
	show([item("a"), item("b"), item("c"), item("d")], { selected: new Set(["a"]) });
	await press("j");
	await press("j");
	await press("X", { shiftKey: true });
	expect(selected).toHaveBeenLastCalledWith(new Set(["a", "b", "c"]));
});

test("PAGE-2: a click counts only for the row that was pressed", () => {
	opened.mockClear();
	show([item("a"), item("b")]);
	const on = (type: string, key: string) =>
		act(() => {
			row(key).dispatchEvent(new PointerEvent(type, { bubbles: true }));
		});
	on("pointerdown", "a");
	on("click", "b");
	expect(opened).not.toHaveBeenCalled();
	on("pointerdown", "b");
	on("click", "b");
	expect(opened).toHaveBeenCalledWith("b", { wide: false });
});

test("PAGE-2: it tells how many rows there are and which of them each is", () => {
	show([item("a"), item("b")], { open: "b" });
	const grid = box.querySelector('[role="grid"]');
	expect(grid?.getAttribute("aria-rowcount")).toBe("3");
	expect(rows().map((it) => it.getAttribute("aria-rowindex"))).toEqual(["2", "3"]);
	expect(row("b").getAttribute("aria-current")).toBe("true");
});

test("a frame renders only the rows that are other objects than before", () => {
	const cell = vi.fn((it: Item) => it.title);
	const columns: Column<Item>[] = [{ id: "title", head: "Title", width: "1fr", cell }];
	const gutter = () => null;
	const list = Array.from({ length: 12 }, (_, n) => item(`r${n}`));
	show(list, { columns, gutter });
	cell.mockClear();
	show([...list], { columns, gutter });
	expect(cell).not.toHaveBeenCalled();
	show(
		list.map((it) => (it.key === "r3" ? item("r3", "Another title") : it)),
		{ columns, gutter },
	);
	expect(cell.mock.calls.map(([it]) => it.title)).toEqual(["Another title"]);
});

test("another height of rows (a phone that is turned) is taken, and the same rows stay in view", () => {
	const list = Array.from({ length: 200 }, (_, n) => item(`r${n}`));
	show(list);
	const scroller = box.querySelector('[role="rowgroup"]') as HTMLElement;
	scroller.scrollTop = 28 * 50;
	show(list, { rowHeight: 52 });
	expect(scroller.scrollTop).toBe(52 * 50);
	expect(row("r1").style.height).toBe("52px");
	expect(row("r1").style.transform).toBe("translateY(52px)");
});

test("a browser that refuses its clipboard is no error of the page", async () => {
	vi.stubGlobal("navigator", { clipboard: { writeText: () => Promise.reject(new Error("denied")) } });
	expect(await copy("text")).toBe(false);
	vi.stubGlobal("navigator", {});
	expect(await copy("text")).toBe(false);
	vi.unstubAllGlobals();
});
