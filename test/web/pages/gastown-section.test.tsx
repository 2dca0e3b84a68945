import { readdirSync, readFileSync } from "node:fs";
import { act } from "react";
import { afterEach, expect, test, vi } from "vitest";
import type { UserPage } from "../../../shared/directory/index.ts";
import { GastownSection } from "../../../web/embed/gastown-section.tsx";
import type { GastownPort } from "../../../web/embed/port.ts";
import { shortRepository } from "../../../web/embed/town-line.tsx";
import { anOwner, aTown, aUserPage } from "./fixtures/people.ts";
import { render } from "./fixtures/render.ts";

let page: ReturnType<typeof render> | null = null;
afterEach(() => {
	page?.end();
	vi.useRealTimers();
});

const show = async (...answers: (UserPage | Error)[]) => {
	let n = 0;
	const port: GastownPort = {
		read: async () => {
			const answer = answers[Math.min(n++, answers.length - 1)];
			if (answer instanceof Error) throw answer;
			return answer as UserPage;
		},
		townHref: (id) => `/towns/${id}/state`,
		navigate: null,
		signInHref: null,
	};
	page = render(<GastownSection userId="oauth/google:1" port={port} />);
	await page.settle();
	return page;
};
const textOf = (box: HTMLElement) => box.textContent ?? "";

test("a town tells health with its reason, working agents, open beads, container and rigs", async () => {
	const { box } = await show(aUserPage([anOwner([aTown()])]));
	for (const told of [
		"harbour-api",
		"Critical: Container killed, exit 137",
		"0 of 5",
		"Died",
		"git.example/harbour/api",
		"app 1182",
	])
		expect(textOf(box)).toContain(told);
	expect(box.querySelector("a")?.getAttribute("href")).toBe("/towns/town-1/state");
});

test("P2: a town that did not answer says so, with Try again, and shows no zero and no health", async () => {
	const silent = aTown({ summary: null, reason: "the town did not answer" });
	const { box } = await show(aUserPage([anOwner([silent])]));
	expect(textOf(box)).toContain("Unknown: the town did not answer");
	expect(textOf(box)).toContain("not seen");
	expect(textOf(box)).not.toContain("Healthy");
	expect(box.querySelector('[aria-label="Try reading harbour-api again"]')).not.toBeNull();
});

test("P2: an organisation that did not answer does not look like one without towns", async () => {
	const broken = anOwner([], {
		type: "org",
		id: "o1",
		name: "Harbour Ltd",
		error: "the organisation did not answer",
	});
	const { box } = await show(aUserPage([anOwner([aTown()]), broken]));
	expect(textOf(box)).toContain("Unknown: the organisation did not answer");
	expect(textOf(box)).not.toContain("no towns");
});

test("P2: a first read that fails is an error with its request, never an empty list", async () => {
	const failure = Object.assign(new Error("The directory could not be read."), { requestId: "req-7" });
	const { box, press } = await show(failure, aUserPage([anOwner([aTown()])]));
	expect(textOf(box)).toContain("Could not read the towns");
	expect(textOf(box)).toContain("Request req-7.");
	expect(textOf(box)).not.toContain("No towns");
	await press("Try reading the towns again");
	expect(textOf(box)).toContain("harbour-api");
	expect(textOf(box)).not.toContain("Could not read");
});

test("P2: a later read that fails keeps what was read and calls it stale", async () => {
	vi.useFakeTimers();
	const { box, settle } = await show(
		aUserPage([anOwner([aTown()])]),
		new Error("The directory could not be read."),
	);
	expect(textOf(box)).not.toContain("Stale");
	await act(() => vi.advanceTimersByTimeAsync(5_000));
	await settle();
	for (const told of [
		"harbour-api",
		"Could not read the towns",
		"Below is what was last read.",
		"Stale, read",
	])
		expect(textOf(box)).toContain(told);
});

test("EMBED-4: each failure doubles the wait up to a minute; a network that is back is read at once", async () => {
	vi.useFakeTimers();
	const read = vi.fn(async () => Promise.reject(new Error("down")));
	page = render(
		<GastownSection userId="u1" port={{ read, townHref: (id) => id, navigate: null, signInHref: null }} />,
	);
	const after = async (ms: number) => {
		const before = read.mock.calls.length;
		await act(() => vi.advanceTimersByTimeAsync(ms));
		return read.mock.calls.length - before;
	};
	await page.settle();
	expect(await after(9_999)).toBe(0);
	expect(await after(1)).toBe(1);
	expect(await after(20_000)).toBe(1);
	expect(await after(40_000)).toBe(1);
	expect(await after(59_999)).toBe(0);
	expect(await after(1)).toBe(1);
	await act(async () => void window.dispatchEvent(new Event("online")));
	expect(read).toHaveBeenCalledTimes(6);
});

test("a hidden tab reads nothing; it reads once it is shown again", async () => {
	vi.useFakeTimers();
	const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
	const read = vi.fn(async () => aUserPage([anOwner([aTown()])]));
	page = render(
		<GastownSection userId="u1" port={{ read, townHref: (id) => id, navigate: null, signInHref: null }} />,
	);
	await act(() => vi.advanceTimersByTimeAsync(60_000));
	expect(read).toHaveBeenCalledTimes(1);
	hidden.mockReturnValue(false);
	await act(async () => void document.dispatchEvent(new Event("visibilitychange")));
	expect(read).toHaveBeenCalledTimes(2);
	hidden.mockRestore();
});

test("no towns at all says what makes one", async () => {
	const { box } = await show(aUserPage([anOwner([])]));
	expect(textOf(box)).toContain("No towns. A town appears here once Ana Brook");
});

test("FEED-6: user and password of a remote are not shown", () => {
	expect(shortRepository("https://x-token:secret@git.example/harbour/api.git")).toBe(
		"git.example/harbour/api",
	);
});

test("the section stands alone: it imports nothing of the console's pages, routes or socket", () => {
	for (const file of readdirSync("web/embed")) {
		const imports = [...readFileSync(`web/embed/${file}`, "utf8").matchAll(/from "([^"]+)"/g)].map(
			([, from]) => from ?? "",
		);
		for (const from of imports)
			expect(from, file).not.toMatch(/\.\.\/(routes|town|bead|agent|user|ledger|live)\//);
	}
});
