import { expect, test } from "vitest";
import { Gate } from "../../../local/platform/gate.ts";
import { Sleepers } from "../../../local/platform/sleepers.ts";

/** An instance that is watched; `slept` resolves to whether it was put to sleep before it ended. */
function watched(sleepers: Sleepers, town: string) {
	const gate = new Gate();
	let end = (): void => undefined;
	const ended = new Promise<void>((resolve) => {
		end = resolve;
	});
	let asleep = false;
	const watching = sleepers.watch(town, gate, ended, () => {
		asleep = true;
	});
	return { gate, end, slept: watching.then(() => asleep) };
}

test("what gets no requests is put to sleep, once its town has said after how long", async () => {
	const sleepers = new Sleepers();
	sleepers.add("mill");
	const { slept } = watched(sleepers, "mill");
	sleepers.after("mill", 1);
	expect(await slept).toBe(true);
});

test("what was asked for something within that time stays awake", async () => {
	const sleepers = new Sleepers();
	for (const town of ["mill", "harbor"]) sleepers.add(town);
	const asked = watched(sleepers, "mill");
	const forgotten = watched(sleepers, "harbor");
	for (const town of ["mill", "harbor"]) sleepers.after(town, 3_600_000);
	forgotten.gate.usedAt -= 3_600_000;
	// Its look comes after the other's.
	expect(await forgotten.slept).toBe(true);
	asked.end();
	expect(await asked.slept).toBe(false);
});

test("it stays awake until its town has said after how long: what was said of the instance before counts no more", async () => {
	const sleepers = new Sleepers();
	for (const town of ["mill", "harbor"]) sleepers.add(town);
	sleepers.after("mill", 1);
	const unsaid = watched(sleepers, "mill");
	const said = watched(sleepers, "harbor");
	sleepers.after("harbor", 1);
	expect(await said.slept).toBe(true);
	unsaid.end();
	expect(await unsaid.slept).toBe(false);
});

test("a town that was not named is left alone, however long nothing comes", async () => {
	const sleepers = new Sleepers();
	sleepers.after("mill", 1);
	const { slept, gate } = watched(sleepers, "mill");
	gate.usedAt = 0;
	expect(await slept).toBe(false);
});
