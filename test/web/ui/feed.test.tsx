import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ConnectionView } from "../../../web/live/connection-view.ts";
import { FeedGate } from "../../../web/ui/feed/feed-gate.tsx";
import { connectionLook, isPlain, stripWords } from "../../../web/ui/feed/words.ts";
import { Empty, ErrorPanel, Loading, NoMatch } from "../../../web/ui/none.tsx";
import { look, SIGNS, Status } from "../../../web/ui/status/index.ts";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const T = Date.parse("2026-11-22T12:00:00Z");
const VIEWS: ConnectionView[] = [
	{ is: "live" },
	{ is: "stale", since: T - 12_000, asOf: T - 12_000 },
	{ is: "reconnecting", quiet: false, since: T - 8_000, asOf: T - 8_000, attempt: 3, nextAt: T + 2_000 },
	{ is: "catching-up", quiet: false, since: T, done: 8_120, total: 10_000 },
	{ is: "behind", bytes: 1_204_000 },
	{
		is: "blind",
		since: T - 42_000,
		asOf: T - 42_000,
		reason: "The session cannot reach the town",
		nextAt: T + 3_000,
	},
	{ is: "refused", since: T, code: "4403", reason: "Not an admin." },
	{ is: "loading", since: T, rows: 1_240, total: 2_000 },
];

let root: ReturnType<typeof createRoot>;
let box: HTMLElement;
beforeEach(() => {
	vi.useFakeTimers({ now: T });
	box = document.createElement("div");
	root = createRoot(box);
});
afterEach(() => {
	act(() => root.unmount());
	vi.useRealTimers();
});
const render = (node: React.ReactNode) => {
	act(() => root.render(node));
	act(() => vi.advanceTimersByTime(300));
	return box;
};
const signs = (of: HTMLElement) =>
	[...of.querySelectorAll("[data-sign]")].map((it) => it.getAttribute("data-sign"));

describe("PAGE-1", () => {
	test("each state of the sight has its own word, and a sign that no state of trouble shares with live", () => {
		const looks = VIEWS.map(connectionLook);
		expect(new Set(looks.map((it) => it.word)).size).toBe(VIEWS.length);
		expect(looks.filter((it) => it.sign === "running").map((it) => it.word)).toEqual(["Live"]);
		expect(VIEWS.filter(isPlain).map((view) => view.is)).toEqual(["live"]);
	});

	test("the strip says what, since when, as of when and what comes next", () => {
		const said = Object.fromEntries(VIEWS.map((view) => [view.is, stripWords(view, T)]));
		expect(said.live).toBe("");
		expect(said.stale).toMatch(/^Stale 0:12, values as of \d\d:59:48$/);
		expect(said.reconnecting).toMatch(/^Reconnecting, attempt 3, in 2 s\. Values as of/);
		expect(said["catching-up"]).toBe("Catching up, 8.1 kB of 10.0 kB");
		expect(said.behind).toBe("This tab is 1.2 MB behind and catches up in pages; nothing is lost");
		expect(said.blind).toMatch(
			/^Blind for 0:42: the session cannot reach the town\. Below is \d\d:59:18\. Next try in 3 s$/,
		);
		expect(said.loading).toBe("Loading 1,240 of 2,000 rows");
		expect(
			stripWords({ is: "reconnecting", quiet: true, since: T, asOf: T, attempt: 1, nextAt: null }, T),
		).toBe("");
	});

	test("a gate shows its content as what it is: fresh, not fresh, fading, or not at all", () => {
		const weights = new Map<string, string>();
		for (const view of VIEWS) {
			const shown = render(
				<FeedGate view={view}>
					<Status look={look("done", "Closed", "good")} />
				</FeedGate>,
			);
			const content = shown.querySelector('[data-status="Closed"]');
			weights.set(view.is, content ? (content.querySelector("path")?.getAttribute("d") ?? "") : "none");
			if (view.is !== "live" && view.is !== "refused")
				expect(shown.querySelector("[data-strip]")?.getAttribute("data-strip")).toBe(view.is);
			if (view.is === "blind") expect(shown.querySelector(".hatched")).not.toBeNull();
		}
		expect(weights.get("refused")).toBe("none");
		expect(weights.get("loading")).toBe("none");
		// Filled only while it is live: a sign keeps its word and loses its fill.
		for (const is of ["stale", "reconnecting", "catching-up", "behind", "blind"])
			expect(weights.get(is)).toBe(weights.get("stale"));
		expect(weights.get("live")).not.toBe(weights.get("stale"));
	});

	test("refused says what, who can help and how to sign in again, with nothing behind it", () => {
		const shown = render(
			<FeedGate view={VIEWS[6] as ConnectionView}>
				<p>secret</p>
			</FeedGate>,
		);
		expect(shown.textContent).toContain("Not an admin.");
		expect(shown.textContent).toContain("Ask an owner of the directory");
		expect(shown.textContent).not.toContain("secret");
		expect(shown.querySelector("a")?.textContent).toBe("Sign in again");
	});

	test("empty, no match, error and loading each have their own sign and words", () => {
		const shown = render(
			<>
				<Empty title="No convoys in this town.">What makes one</Empty>
				<NoMatch what="beads" filter="status:failed" total={47} onClear={() => {}} />
				<ErrorPanel
					what="Reading older changes"
					message="It did not answer"
					code="504"
					requestId="8f2c"
					at={T}
				/>
				<Loading />
			</>,
		);
		expect(signs(shown)).toEqual(["open", "gone", "failed"]);
		expect(shown.textContent).toContain("No beads match status:failed. 47 in all.");
		expect(shown.textContent).toContain("Error: Reading older changes failed");
		expect(shown.textContent).toContain("504 · request 8f2c");
		expect([...shown.querySelectorAll("[data-none]")].map((it) => it.getAttribute("data-none"))).toEqual([
			"empty", "no-match", "error", "loading",
		]); // biome-ignore format: one list
	});

	test("every sign is told from every other without colour", () => {
		const drawn = new Set(Object.values(SIGNS).map((sign) => sign.icon));
		expect(drawn.size).toBe(Object.keys(SIGNS).length);
		expect(new Set(Object.values(SIGNS).map((sign) => sign.text)).size).toBe(drawn.size);
	});
});
