import { expect, test } from "vitest";
import { tableOf } from "../conformance/kit/run.ts";
import { runModule } from "../conformance/run/module.ts";

test("FEED-10: `npm run conformance` runs a module of wrapped objects in workerd and finds nothing wrong", {
	timeout: 120_000,
}, async () => {
	const findings = await runModule("test/conformance/foreign/index.ts");
	const table = tableOf(findings);
	expect(
		findings.filter(({ outcome }) => outcome === "failed"),
		table,
	).toEqual([]);
	expect(findings.filter(({ outcome }) => outcome === "passed").length, table).toBeGreaterThan(12);
});
