import { expect, test } from "vitest";
import { Prompts } from "../../../container/agents/prompts.ts";

const event = (type: string, properties: object) => ({ at: Date.now(), id: null, type, properties });
const shown = (created = Date.now()) =>
	event("message.updated", { info: { role: "user", time: { created } } });

/** A session that takes messages in its own time. */
function session() {
	const sent: string[] = [];
	const prompts = new Prompts(async (text) => {
		if (text === "refused") throw new Error("400");
		sent.push(text);
	});
	const put = (text: string) => {
		const done = { is: false };
		const putting = prompts.put(text).then(() => {
			done.is = true;
		});
		return { done, putting };
	};
	return { sent, prompts, put };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("AGENT-2: a message waits until the one before it stands in the session", async () => {
	const { sent, prompts, put } = session();
	const first = put("the task");
	const second = put("a nudge");
	await settle();
	expect(sent).toEqual(["the task"]);
	// An older message that is told again is not it, nor is the agent's own.
	prompts.saw(shown(1));
	prompts.saw(event("message.updated", { info: { role: "assistant", time: { created: Date.now() } } }));
	await settle();
	expect(first.done.is).toBe(false);
	prompts.saw(shown());
	await first.putting;
	await settle();
	expect(sent).toEqual(["the task", "a nudge"]);
	prompts.saw(shown());
	await second.putting;
});

test("AGENT-2: one that is refused, becomes an error, or whose server ends, holds up nobody", async () => {
	const { sent, prompts, put } = session();
	const refused = put("refused");
	const failed = put("of an unknown model");
	const last = put("the last");
	await expect(refused.putting).rejects.toThrow("400");
	await settle();
	prompts.saw(event("session.error", { error: { name: "ProviderModelNotFoundError" } }));
	await failed.putting;
	await settle();
	prompts.close();
	await last.putting;
	expect(sent).toEqual(["of an unknown model", "the last"]);
});
