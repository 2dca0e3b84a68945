import { expect, test } from "vitest";
import { agentKindIn, PACKAGES, whyNotHere } from "../../scripts/lib/agent-packages.ts";

test.each([
	[[], "scripted"],
	[["--agents", "scripted"], "scripted"],
	[["--agents", "kilo"], "kilo"],
	[["--agents=opencode"], "opencode"],
])("AGENT-2: npm start with %j runs %s agents", (argv, kind) => expect(agentKindIn(argv)).toBe(kind));

test.each([
	[["--agents"]],
	[["--agents", "claude"]],
	[["--agents="]],
	[["kilo"]],
	[["--agent", "kilo"]],
	[["--agents", "kilo", "opencode"]],
	[["--agents", "constructor"]],
])("AGENT-2: npm start with %j says what it takes", (argv) => {
	expect(() => agentKindIn(argv)).toThrow(
		`"${argv.join(" ")}" is not known: npm start takes --agents scripted, --agents kilo, --agents opencode, or nothing.`,
	);
});

test("AGENT-2: what is fetched is pinned to one version and to its bytes", () => {
	for (const { version, integrity } of Object.values(PACKAGES)) {
		expect(version).toMatch(/^\d+\.\d+\.\d+$/);
		expect(integrity).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
	}
});

test("AGENT-2: other machines are told that they cannot run them, and what runs there", () => {
	expect(whyNotHere("linux", "x64")).toBeNull();
	expect(whyNotHere("darwin", "arm64")).toBe(
		"kilo and opencode are pinned for linux x64 only, and this is darwin arm64. The scripted agents run everywhere.",
	);
});
