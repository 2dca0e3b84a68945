import { createElement, useState } from "react";
import { afterEach, expect, test } from "vitest";
import type { ToolPart } from "../../../shared/conversation/index.ts";
import { AgentContext } from "../../../web/agent/agent-context.ts";
import { ToolBody } from "../../../web/agent/line-bodies.tsx";
import { PromptText } from "../../../web/agent/line-text.tsx";
import { toolLine } from "../../../web/agent/lines/tool-line.ts";
import { type OpenTown, OpenTownContext } from "../../../web/town/open-town.ts";
import { render } from "./fixtures/render.ts";

let page: ReturnType<typeof render> | null = null;
afterEach(() => page?.end());

const body = (ref: string, head: string, size: number, json?: true) => ({
	$body: ref,
	size,
	head,
	...(json && { json }),
});
const stored: Record<string, string[]> = {
	r1: ["all of ", "the first"],
	r2: ["the second prompt"],
	j1: [JSON.stringify({ todos: [{ status: "done", content: body("r3", "Mend", 40) }] })],
	r3: ["Mend the quay before the tide"],
};
const town = {
	ask: async (question: { ref: string; piece: number }) => {
		const pieces = stored[question.ref] ?? [];
		return {
			rows: [{ text: pieces[question.piece], more: question.piece < pieces.length - 1 }],
			more: false,
		};
	},
} as unknown as OpenTown;

const inTown = (node: React.ReactNode) =>
	createElement(OpenTownContext, { value: town }, createElement(AgentContext, { value: "toast" }, node));
const prompt = (ref: string, head: string, size: number) => (
	<PromptText
		line={{ key: "p", at: 0, failed: false, kind: "prompt", text: [body(ref, head, size)], from: "" }}
		open
		onToggle={() => {}}
	/>
);

test("STREAM-2: a prompt that was cut says so with its true size, and is read whole; another text is not taken for it", async () => {
	function Two() {
		const [other, setOther] = useState(false);
		return (
			<>
				<button type="button" onClick={() => setOther(true)}>
					Other
				</button>
				{other ? prompt("r2", "all of the sec", 17) : prompt("r1", "all of", 16)}
			</>
		);
	}
	page = render(inTown(<Two />));
	await page.press("Cut. Read the whole prompt, 16 characters");
	await page.settle();
	await page.settle();
	expect(page.box.textContent).toContain("all of the first");
	expect(page.box.textContent).not.toContain("Cut.");
	await page.press("Other");
	expect(page.box.textContent).toContain("all of the sec");
	expect(page.box.textContent).toContain("Cut. Read the whole prompt, 17 characters");
});

test("STREAM-2: input that was cut as JSON is read whole, with what was cut inside it", async () => {
	const part = {
		id: "t", messageID: "m", sessionID: "s", type: "tool", tool: "todowrite",
		state: { status: "completed", input: body("j1", '{"todos":[{"sta', 96, true), output: "" },
	} as ToolPart; // biome-ignore format: a part
	page = render(inTown(<ToolBody line={toolLine(part)} open />));
	expect(page.box.textContent).toContain("Cut. Read the whole input, 96 characters");
	await page.press("Cut. Read the whole input, 96 characters");
	for (let i = 0; i < 5; i++) await page.settle();
	expect(page.box.textContent).toContain("Mend the quay before the tide");
});
