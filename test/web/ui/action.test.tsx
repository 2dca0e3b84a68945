import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ActionButton } from "../../../web/ui/action/action-button.tsx";
import { ActionSheet, type SheetPhase } from "../../../web/ui/action/action-sheet.tsx";
import { Announcer, DIGEST_MS, useAnnounce } from "../../../web/ui/announcer.tsx";
import { look } from "../../../web/ui/status/signs.ts";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let root: ReturnType<typeof createRoot>;
let box: HTMLElement;
beforeEach(() => {
	vi.useFakeTimers();
	box = document.body.appendChild(document.createElement("div"));
	root = createRoot(box);
});
afterEach(() => {
	act(() => root.unmount());
	box.remove();
	vi.useRealTimers();
});
const render = (node: React.ReactNode) => act(() => root.render(node));
const button = (text: string) =>
	[...box.querySelectorAll("button")].find((it) => it.textContent?.includes(text)) as HTMLButtonElement;

test("SOCKET-3: an action that cannot be done stays readable and focusable, and says why instead of acting", () => {
	const press = vi.fn();
	render(<ActionButton label="Reset Toast" danger="disruptive" reason="Already idle." onPress={press} />);
	const it = button("Reset Toast…");
	expect(it.disabled).toBe(false);
	expect(it.getAttribute("aria-disabled")).toBe("true");
	expect(document.getElementById(it.getAttribute("aria-describedby") ?? "")?.textContent).toBe(
		"Already idle.",
	);
	act(() => it.click());
	expect(press).not.toHaveBeenCalled();
	render(<ActionButton label="Set priority high" danger="safe" reason={null} onPress={press} />);
	act(() => button("Set priority high").click());
	expect(press).toHaveBeenCalledTimes(1);
	expect(box.textContent).toBe("Set priority high");
});

describe("the sheet", () => {
	const confirm = vi.fn();
	const close = vi.fn();
	const cancel = vi.fn();
	const sheet = (extra: object = {}, phase: SheetPhase = { is: "asking" }) =>
		render(
			<ActionSheet
				label="Fail bead 58aa3310"
				danger="disruptive"
				preview={{ will: ["The bead becomes Failed."], wont: ["Be undone."] }}
				verdict={{ ok: true }}
				blocked={null}
				reason="Case 4711."
				onReason={() => {}}
				phase={phase}
				onConfirm={confirm}
				onClose={close}
				onCancel={cancel}
				onLookAgain={() => {}}
				{...extra}
			/>,
		);
	beforeEach(() => {
		confirm.mockClear();
		close.mockClear();
		cancel.mockClear();
	});
	const section = () => box.querySelector("[data-sheet]") as HTMLElement;

	test("LEDGER-1: it says what it will do and will not, and asks for a reason before it sends anything", () => {
		sheet();
		expect(box.textContent).toContain("The bead becomes Failed.");
		expect(box.textContent).toContain("Be undone.");
		act(() => button("Fail bead").click());
		expect(confirm).toHaveBeenCalledTimes(1);
		sheet({ reason: "  " });
		act(() => button("Fail bead").click());
		expect(confirm).toHaveBeenCalledTimes(1);
		expect(box.textContent).toContain("A reason is needed");
	});

	test("LEDGER-5: a precondition that breaks, or a town that is not live, takes the button's place", () => {
		sheet({
			verdict: { ok: false, kind: "noop", code: "x", message: "Already closed at 12:30:11 by Refinery." },
		});
		expect(button("Fail bead")).toBeUndefined();
		expect(box.querySelector("[data-broken]")?.textContent).toBe("Already closed at 12:30:11 by Refinery.");
		sheet({ blocked: "Not connected" });
		expect(box.querySelector("[data-broken]")?.textContent).toBe("Not connected");
	});

	test("LEDGER-5: what cannot be undone asks for its target's name first", () => {
		sheet({ danger: "destructive", typed: "58aa3310" });
		act(() => button("Fail bead 58aa3310 now").click());
		expect(confirm).not.toHaveBeenCalled();
		expect(box.textContent).toContain("Type 58aa3310 first.");
	});

	test("keys: Ctrl or Cmd with Enter confirms, Escape closes", () => {
		sheet();
		const key = (init: KeyboardEventInit) =>
			act(() => {
				section().dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, ...init }));
			});
		key({ key: "Enter" });
		expect(confirm).not.toHaveBeenCalled();
		key({ key: "Enter", metaKey: true });
		expect(confirm).toHaveBeenCalledTimes(1);
		key({ key: "Escape" });
		expect(close).toHaveBeenCalledTimes(1);
	});

	test("LEDGER-7: the seconds are counted beside a Cancel that has the focus; Escape cancels, hiding does not", () => {
		sheet();
		sheet({}, { is: "armed", seconds: 5, failed: null });
		expect(section().textContent).toContain("Fail bead 58aa3310 in 5 s");
		expect(document.activeElement?.textContent).toBe("Cancel it");
		act(() => {
			section().dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, key: "Escape" }));
		});
		expect([cancel, close].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
		act(() => button("Cancel it").click());
		act(() => button("Hide").click());
		expect([cancel, close].map(({ mock }) => mock.calls.length)).toEqual([2, 1]);
		sheet({}, { is: "armed", seconds: 0, failed: "Too late to cancel." });
		expect(box.querySelector('[role="alert"]')?.textContent).toBe("Too late to cancel.");
		expect(confirm).not.toHaveBeenCalled();
	});

	test("LEDGER-8: applied, seen and refused read apart; nothing is promised before it was seen", () => {
		const told = {
			look: look("underWay", "Applied, effect 1 of 2", "active"),
			at: 0,
			message: null,
			effects: [
				{ label: "Toast is Idle", outside: false, state: "seen" as const },
				{ label: "process 4121 gone", outside: true, state: "awaited" as const },
			],
			seenAfter: null,
			entry: null,
			undo: null,
			next: null,
			again: false,
		};
		sheet({}, { is: "told", told });
		expect([...box.querySelectorAll("[data-effect]")].map((it) => it.getAttribute("data-effect"))).toEqual([
			"seen",
			"awaited",
		]);
		expect(button("Fail bead")).toBeUndefined();
		sheet({}, { is: "failed", message: "Not connected. Nothing was sent and nothing was changed." });
		expect(box.querySelector('[role="alert"]')?.textContent).toContain("Nothing was sent");
		expect(button("Look again")).toBeDefined();
	});
});

test("what is spoken: alarms at once, the rest as one digest every ten seconds", () => {
	let announce: ReturnType<typeof useAnnounce> | undefined;
	const Inside = () => {
		announce = useAnnounce();
		return null;
	};
	render(
		<Announcer>
			<Inside />
		</Announcer>,
	);
	const spoken = () => box.querySelector('[role="status"]')?.textContent;
	act(() => announce?.digest("changes", () => "3 changes"));
	act(() => announce?.digest("changes", () => "14 changes"));
	act(() => announce?.digest("stream", () => "1,204 new events of Toast"));
	expect(spoken()).toBe("");
	act(() => vi.advanceTimersByTime(DIGEST_MS));
	expect(spoken()).toBe("14 changes. 1,204 new events of Toast");
	act(() => announce?.now("Blind"));
	expect(spoken()).toBe("Blind");
	act(() => vi.advanceTimersByTime(DIGEST_MS));
	expect(spoken()).toBe("Blind");
});
