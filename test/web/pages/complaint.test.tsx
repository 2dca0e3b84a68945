import { act } from "react";
import { expect, test, vi } from "vitest";
import { COMPLAINTS } from "../../../shared/diagnosis/codes.ts";
import { openLive, stateAt } from "../live/fake-session.ts";
import { inFakeTime, pass } from "./fixtures/fake-time.ts";
import { showTown } from "./fixtures/town-page.tsx";

inFakeTime();

test("DIAG-1: what the user says is answered by each of its causes, and what is not known is not ruled out", async () => {
	const { now, client } = await openLive();
	now.say(stateAt(9, []));
	const { box, end } = await showTown(client);
	await pass(1_000);
	const menu = box.querySelector<HTMLSelectElement>('select[aria-label="What the user says"]');
	expect([...(menu?.options ?? [])].slice(1).map(({ text }) => text)).toEqual(Object.values(COMPLAINTS));
	await act(async () => {
		if (menu) menu.value = "1";
		menu?.dispatchEvent(new Event("change", { bubbles: true }));
		await vi.advanceTimersByTimeAsync(500);
	});
	const causes = [...box.querySelectorAll<HTMLElement>("[data-cause]")];
	expect(causes.map(({ dataset }) => dataset.cause)).toContain("agent.container-died");
	expect(causes).toHaveLength(6);
	const died = causes.find(({ dataset }) => dataset.cause === "agent.container-died");
	expect(died?.dataset.is).toBe("unknown");
	expect(died?.textContent).toMatch(/Cannot know.*Not known: /);
	const back = [...box.querySelectorAll("button")].find(
		({ textContent }) => textContent === "Back to Attention",
	);
	await act(async () => {
		back?.click();
		await vi.advanceTimersByTimeAsync(500);
	});
	expect(box.querySelectorAll("[data-cause]")).toHaveLength(0);
	end();
});
