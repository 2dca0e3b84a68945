import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Diagnosis, Finding } from "../../../shared/diagnosis/finding.ts";
import { AttentionRail } from "../../../web/ui/attention/attention-rail.tsx";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let root: ReturnType<typeof createRoot>;
let box: HTMLElement;
beforeEach(() => {
	box = document.body.appendChild(document.createElement("div"));
	root = createRoot(box);
});
afterEach(() => {
	act(() => root.unmount());
	box.remove();
});

const lost: Finding = {
	code: "agent.gupp-timeout",
	severity: "critical",
	subject: { kind: "agent", id: "a" },
	sentence: "Biscuit has done nothing for 18 min",
	measured: [],
	evidence: [],
	since: 0,
	behind: [],
	recovers: { who: "button", text: "reset it" },
	remedy: [],
	ruledOut: [],
	needs: [],
	because: null,
};
const rail = (findings: Finding[], settled: boolean, notices: Finding[] = []) => {
	const diagnosis = { light: "critical", findings, notices } as unknown as Diagnosis;
	act(() =>
		root.render(
			<AttentionRail
				diagnosis={diagnosis}
				settled={settled}
				blind={false}
				nameOf={() => "Biscuit"}
				remedyOf={() => null}
				open={null}
				onOpen={() => {}}
				watched="1 agent"
			/>,
		),
	);
};

test("DIAG-1: what stood only while the town's state was still read is not told as cleared", () => {
	rail([lost], false);
	expect(box.textContent).toContain("Biscuit has done nothing");
	rail([], false);
	rail([], true);
	expect(box.textContent).not.toContain("Cleared");
	expect(box.textContent).toContain("Nothing needs you");
});

test("DIAG-1: what clears of a town that is seen whole is told as cleared, also after a while without sight", () => {
	rail([lost], true);
	rail([], false);
	expect(box.textContent).not.toContain("Cleared");
	rail([], true);
	expect(box.textContent).toContain("Cleared");
});

test("P2: what holds the whole town, or waits for somebody's answer, needs no search; what waits by itself stands in the fold", () => {
	const notice = (code: string, kind: "town" | "agent", sentence: string): Finding => ({
		...{ ...lost, code, sentence, severity: "notice", subject: { kind, id: code } },
		recovers: { who: "self", at: null, text: "The pause ends by itself." },
	});
	rail([], true, [
		notice("town.dispatch-paused-by-admin", "town", "Kim has paused dispatch"),
		notice("agent.blocked-on-permission", "agent", "Biscuit asks for permission"),
		notice("agent.long-tool", "agent", "Biscuit runs bash"),
	]);
	const open = [...box.querySelectorAll("[data-notice]")].map((one) => one.textContent);
	expect(open).toHaveLength(2);
	expect(open[0]).toContain("Kim has paused dispatch");
	expect(open[1]).toContain("Biscuit asks for permission");
	expect(box.textContent).not.toContain("Nothing needs you");
	expect(box.querySelector("details")?.textContent).toContain("Waiting for a reason, 1");
});
