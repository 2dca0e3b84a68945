import { expect, test } from "vitest";
import type { OutsideEffect } from "../../../shared/interventions/index.ts";
import type { ControlAnswer } from "../../../worker/rpc.ts";
import { carryOutBy, type OutsideOrder } from "../../../worker/town/interventions/carry-out.ts";
import { ScriptedArm } from "../scheduler/support.ts";

const AGENT = { agent: "town/toast" };
const KINDS: Record<string, OutsideEffect> = {
	stop: { kind: "stop-agent", ...AGENT, bead: "b" },
	kill: { kind: "kill-agent", ...AGENT, bead: "b" },
	interrupt: { kind: "interrupt-agent", ...AGENT },
	model: { kind: "set-model", ...AGENT, model: "scripted/other" },
	prompt: { kind: "set-prompt", ...AGENT, prompt: "You are the mayor." },
	answer: { kind: "answer-permission", ...AGENT, permission: "per/1", reply: "once" },
};
const order = (effect: OutsideEffect): OutsideOrder => ({
	effect,
	attempt: "a-1",
	instance: "i-1",
	key: "id-1",
});
const answered = (status: number, code = "", message = ""): ControlAnswer => ({
	...{ ok: true, status, body: status < 400 ? {} : { error: { code, message } } },
});
const unanswered = (code: "not-running" | "unreachable" | "timeout" | "not-configured"): ControlAnswer => ({
	...{ ok: false, code, message: `it is ${code}` },
});

const noForge = () => Promise.reject(new Error("nothing here goes to the forge"));
const noTokens = () => Promise.reject(new Error("nothing here asks for tokens"));

/** What becomes of an effect that the control server answers so. */
async function outcome(effect: OutsideEffect, answer: ControlAnswer): Promise<string> {
	const arm = new ScriptedArm();
	arm.reply = () => answer;
	return carryOutBy(
		() => arm,
		noForge,
		noTokens,
	)(order(effect)).then(
		(said) => ("message" in said ? `${said.is}: ${said.message}` : said.is),
		(error: Error) => `again: ${error.message}`,
	);
}

test.each([
	["stop", "/agents/town%2Ftoast/stop", { attempt_id: "a-1", how: "term", reason: "ended by id-1" }],
	["kill", "/agents/town%2Ftoast/stop", { attempt_id: "a-1", how: "kill", reason: "ended by id-1" }],
	["interrupt", "/agents/town%2Ftoast/interrupt", { attempt_id: "a-1" }],
	["model", "/agents/town%2Ftoast/model", { attempt_id: "a-1", model: "scripted/other" }, "PATCH"],
	[
		"prompt",
		"/agents/town%2Ftoast/system-prompt",
		{ attempt_id: "a-1", system_prompt: "You are the mayor." },
		"PUT",
	],
	["answer", "/agents/town%2Ftoast/permissions/per%2F1", { attempt_id: "a-1", reply: "once" }],
])(
	"LEDGER-2: %s goes to the process of its attempt, with the intervention as key and correlation",
	async (kind, path, body, method = "POST") => {
		const arm = new ScriptedArm();
		const sent: unknown[] = [];
		arm.reply = (request) => {
			sent.push(request);
			return answered(200);
		};
		await carryOutBy(() => arm, noForge, noTokens)(order(KINDS[kind] as OutsideEffect));
		expect(sent).toEqual([{ method, path, body, key: "id-1", correlation: "id-1" }]);
	},
);

test.each(["stop", "kill"])(
	"LEDGER-2: %s is asked, or has nothing to end, or is asked again",
	async (kind) => {
		const effect = KINDS[kind] as OutsideEffect;
		expect(await outcome(effect, answered(200))).toBe("asked");
		expect(await outcome(effect, answered(404, "no_process"))).toBe("gone");
		expect(await outcome(effect, unanswered("not-running"))).toBe("gone");
		for (const answer of [
			answered(404, "not_found", "no"),
			answered(500, "failed", "no"),
			unanswered("timeout"),
		])
			expect(await outcome(effect, answer)).toMatch(/^again: /);
	},
);

test.each(["interrupt", "answer", "model", "prompt"])(
	"LEDGER-2: %s is done, or refused with why, or asked again",
	async (kind) => {
		const effect = KINDS[kind] as OutsideEffect;
		expect(await outcome(effect, answered(200))).toBe("done");
		expect(await outcome(effect, answered(404, "no_process", "toast has no process here."))).toBe(
			"refused: Its process had ended, or was another by then.",
		);
		expect(await outcome(effect, answered(404, "no_permission", "per_1 is not pending."))).toBe(
			"refused: The container answered 404: per_1 is not pending.",
		);
		expect(await outcome(effect, unanswered("not-running"))).toBe("refused: it is not-running");
		expect(await outcome(effect, answered(502, "failed", "The agent does not answer."))).toBe(
			"again: The container answered 502: The agent does not answer.",
		);
		for (const code of ["unreachable", "timeout", "not-configured"] as const)
			expect(await outcome(effect, unanswered(code))).toBe(`again: it is ${code}`);
	},
);

/** What a container is asked for in turn, and what becomes of it. */
async function moved(
	verb: "start" | "stop" | "restart",
	answers: Partial<Record<"start" | "stop", ControlAnswer>> = {},
) {
	const arm = new ScriptedArm();
	arm.answers = answers;
	const said = await carryOutBy(
		() => arm,
		noForge,
		noTokens,
	)(order({ kind: "container", verb })).catch((error: Error) => ({
		is: "again",
		message: error.message,
	}));
	return { said, asked: arm.asked, orders: arm.orders };
}
const ORDER = { key: "id-1", correlation: "id-1" };

test("LEDGER-2: a container is started, or only that instance ended, under the intervention's id", async () => {
	const started = { ...ORDER, reason: "started by an admin" };
	expect(await moved("start")).toEqual({ said: { is: "done" }, asked: ["start"], orders: [started] });
	const pinned = { ...ORDER, instance: "i-1", sleep: false };
	expect(await moved("stop")).toEqual({
		...{ said: { is: "done" }, asked: ["stop"] },
		orders: [{ ...pinned, reason: "stopped by an admin" }],
	});
	expect(await moved("restart")).toMatchObject({
		...{ said: { is: "done" }, asked: ["stop", "start"] },
		orders: [{ ...pinned, reason: "restarted by an admin" }, ORDER],
	});
});

test("LEDGER-2: one that was replaced is ended already; a restart that comes again starts it where it does not run", async () => {
	const stop = unanswered("not-running");
	expect(await moved("stop", { stop })).toMatchObject({ said: { is: "done" }, asked: ["stop"] });
	expect(await moved("restart", { stop })).toMatchObject({ said: { is: "done" }, asked: ["stop", "start"] });
});

test("LEDGER-2: a platform that cannot be asked is asked again; one that refuses a start is told with its words", async () => {
	for (const code of ["unreachable", "timeout"] as const)
		expect(await moved("start", { start: unanswered(code) })).toMatchObject({ said: { is: "again" } });
	const stop = unanswered("unreachable");
	expect(await moved("stop", { stop })).toMatchObject({ said: { is: "again" } });
	expect(await moved("restart", { stop })).toMatchObject({ said: { is: "again" }, asked: ["stop"] });
	const start: ControlAnswer = { ok: false, code: "refused", message: "There is no room." };
	const refused = { is: "refused", message: "There is no room." };
	expect(await moved("start", { start })).toMatchObject({ said: refused });
	expect(await moved("restart", { start })).toMatchObject({ said: refused, asked: ["stop", "start"] });
});
