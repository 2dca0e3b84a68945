import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { startApp } from "../../scripts/lib/app.ts";
import { freePorts } from "../../scripts/lib/free-ports.ts";
import { requirePorts } from "../../scripts/lib/ports.ts";
import { settingsFrom } from "../../scripts/lib/settings.ts";

test.setTimeout(120_000);

for (const [when, line] of [
	["while it prepares", /^Building/],
	["while the worker starts", /^Built|up to date/],
	["while the local world starts", /worker answers/],
] as const)
	test(`Ctrl-C ${when} leaves nothing running`, async () => {
		const state = mkdtempSync(join(tmpdir(), "townwatch-"));
		const port = await freePorts();
		const settings = settingsFrom({ TOWNWATCH_PORT: String(port), TOWNWATCH_STATE: state });
		const life = new AbortController();
		const deaths: string[] = [];
		const starting = startApp({
			...{ settings, towns: ["quiet-mill"], signal: life.signal },
			say: (said) => line.test(said) && setImmediate(() => life.abort(new Error("Ctrl-C"))),
			onDeath: (child) => deaths.push(child.name),
		});
		await expect(starting).rejects.toThrow("Ctrl-C");
		await requirePorts({ worker: port, issuer: port + 1, local: port + 2, forge: port + 3 });
		expect(deaths).toEqual([]);
		rmSync(state, { recursive: true, force: true });
	});
