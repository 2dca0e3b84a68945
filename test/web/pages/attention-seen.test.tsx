import { expect, test, vi } from "vitest";
import { NARROW } from "../../../web/town/use-media.ts";
import { openLive, stateAt } from "../live/fake-session.ts";
import { inFakeTime, pass } from "./fixtures/fake-time.ts";
import { showTown } from "./fixtures/town-page.tsx";

inFakeTime();

/** A well town, and its session, which can fall silent. */
async function wellTown() {
	const { now, client } = await openLive();
	now.say(stateAt(9, []));
	const page = await showTown(client);
	await pass(1_000);
	return { now, page };
}

test("P2: beside a blind sight the strip does not say that nothing is wrong", async () => {
	vi.stubGlobal("matchMedia", (query: string) => ({
		matches: query === NARROW,
		addEventListener: () => {},
		removeEventListener: () => {},
	}));
	const { page } = await wellTown();
	const strip = () => page.box.querySelector('button[aria-label^="Attention"]');
	expect(strip()?.querySelector("[data-sign]")?.getAttribute("data-sign")).toBe("done");
	await pass(20_000);
	expect(page.box.querySelector('[data-live="blind"]')).not.toBeNull();
	expect(strip()?.querySelector("[data-sign]")?.getAttribute("data-sign")).toBe("unseen");
	expect(strip()?.getAttribute("aria-label")).toBe("Attention: cannot be seen, was 0 critical, 0 warnings");
	page.end();
});

test("P2: that nothing needs anybody is as old as what was heard last", async () => {
	const { page } = await wellTown();
	const rail = () => page.box.querySelector('[aria-label="Attention"]')?.textContent;
	await pass(2_000);
	const young = Number(/checked (\d+) s ago/.exec(rail() ?? "")?.[1]);
	await pass(6_000);
	const old = Number(/checked (\d+) s ago/.exec(rail() ?? "")?.[1]);
	expect(old - young).toBe(6);
	page.end();
});
