import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { readTask, type Task } from "../../shared/gastown/prompts.ts";
import { errorBody, Faults } from "./faults.ts";
import { FAILED, nextStep, type Result, type Script, type Step } from "./script.ts";
import { mayor } from "./scripts/mayor.ts";
import { polecat } from "./scripts/polecat.ts";
import { refinery } from "./scripts/refinery.ts";
import { triage } from "./scripts/triage.ts";

/** What kilo adds to the last thing that was said: time and folder. */
const ADDED = /\s*<environment_details>.*?<\/environment_details>/gs;
const content = z
	.union([z.string(), z.array(z.looseObject({ text: z.string().default("") }))])
	.nullish()
	.transform((value) => (typeof value === "string" ? value : (value ?? []).map(({ text }) => text).join("")))
	.transform((text) => text.replace(ADDED, ""));
const chat = z.looseObject({
	model: z.string(),
	messages: z.array(z.looseObject({ role: z.string(), content })),
	tools: z.array(z.unknown()).default([]),
});
type Chat = z.output<typeof chat>;

/** Names that the provider knows: anything else is refused as a provider refuses it. */
const MODELS = ["m", "title", "fast"];
/** Characters of one token, about. */
const TOKEN = 4;

export type Pace = { deltaMs: number; stepMs: number };

/** An OpenAI-compatible model that follows scripts: `POST …/chat/completions`, streaming, for whatever agent asks. */
export class ScriptedModel {
	readonly faults = new Faults();
	readonly #pace: Pace;

	constructor(pace: Pace) {
		this.#pace = pace;
	}

	/** Answers one request: the list of its models, or a chat completion; whatever else is 404. */
	async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		if (request.method === "GET" && request.url?.endsWith("/models"))
			return say(response, 200, { object: "list", data: MODELS.map((id) => ({ id, object: "model" })) });
		if (request.method !== "POST" || !request.url?.endsWith("/chat/completions"))
			return say(response, 404, { error: { message: "Not found" } });
		const parsed = chat.safeParse(await json(request).catch(() => null));
		if (!parsed.success) return say(response, 400, { error: { message: parsed.error.message } });
		const asked = parsed.data;
		if (!MODELS.includes(asked.model))
			return say(response, 404, {
				error: { message: `The model "${asked.model}" does not exist.`, code: "model_not_found" },
			});
		const task = taskOf(asked);
		const fault =
			asked.tools.length > 0 ? this.faults.take(task, { model: asked.model, said: lastSaid(asked) }) : null;
		if (fault?.delay_ms) await pause(fault.delay_ms);
		if (fault?.status) return say(response, fault.status, errorBody(fault.status));
		await this.#stream(response, asked, stepFor(asked, task), fault?.drop ?? false);
	}

	async #stream(response: ServerResponse, asked: Chat, step: Step, drop: boolean): Promise<void> {
		const { deltaMs, stepMs } = this.#pace;
		const id = `chatcmpl-${randomBytes(8).toString("hex")}`;
		response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
		const send = (value: object) =>
			response.write(
				`data: ${JSON.stringify({ id, object: "chat.completion.chunk", model: asked.model, ...value })}\n\n`,
			);
		const tell = async (delta: object) => {
			send({ choices: [{ index: 0, delta, finish_reason: null }] });
			if (deltaMs > 0) await pause(deltaMs);
		};
		if (stepMs > 0) await pause(stepMs);
		await tell({ role: "assistant", content: "" });
		for (const piece of pieces(step.think ?? "")) await tell({ reasoning_content: piece });
		for (const piece of pieces(step.say)) {
			await tell({ content: piece });
			if (drop) return void response.destroy();
		}
		if (step.tool) {
			const { name, input } = step.tool;
			const call = { name, arguments: JSON.stringify(input) };
			await tell({
				tool_calls: [
					{ index: 0, id: `call_${randomBytes(6).toString("hex")}`, type: "function", function: call },
				],
			});
		}
		send({ choices: [{ index: 0, delta: {}, finish_reason: step.tool ? "tool_calls" : "stop" }] });
		send({ choices: [], usage: usageOf(asked, step) });
		response.end("data: [DONE]\n\n");
	}
}

/** The task that a session began with: its first message of a user's. */
function taskOf({ messages }: Chat): Task | null {
	const first = messages.find(({ role }) => role === "user");
	return first ? readTask(first.content) : null;
}

const lastSaid = ({ messages }: Chat): string =>
	messages.findLast(({ role }) => role === "user")?.content ?? "";

/** Without tools it is asked for a title. */
function stepFor(asked: Chat, task: Task | null): Step {
	const said = lastSaid(asked);
	if (asked.tools.length === 0)
		return { say: (task?.title || said).split("\n")[0]?.slice(0, 60) || "A session" };
	if (!task) return { say: "I was given no task." };
	if (task.role === "mayor") return mayorStep(asked, said);
	return nextStep(SCRIPTS[task.role](task), resultsAfter(asked, 0));
}

const SCRIPTS: Record<Exclude<Task["role"], "mayor">, (task: Task) => Script> = { polecat, refinery, triage };

/** A conversation goes by its newest message; the first one is the mayor's briefing. */
function mayorStep(asked: Chat, said: string): Step {
	if (readTask(said)) return { say: "Good day. Tell me what you would like to have built." };
	return nextStep(
		mayor(said),
		resultsAfter(
			asked,
			asked.messages.findLastIndex(({ role }) => role === "user"),
		),
	);
}

const resultsAfter = ({ messages }: Chat, at: number): Result[] =>
	messages
		.slice(at)
		.filter(({ role }) => role === "tool")
		.map(({ content: output }) => ({ output, failed: FAILED.test(output) }));

const pieces = (text: string): string[] => text.match(/.{1,9}/gs) ?? [];

/** The conversation so far is in the provider's cache, as it is with a real one. */
function usageOf({ messages }: Chat, step: Step) {
	const count = (text: string) => Math.ceil(text.length / TOKEN);
	const prompt = messages.reduce((sum, { content: text }) => sum + count(text), 1_200);
	const last = messages.at(-1);
	const reasoning = count(step.think ?? "");
	return {
		prompt_tokens: prompt,
		completion_tokens: count(step.say) + reasoning + count(JSON.stringify(step.tool ?? "")),
		prompt_tokens_details: { cached_tokens: messages.length > 2 ? prompt - count(last?.content ?? "") : 0 },
		completion_tokens_details: { reasoning_tokens: reasoning },
	};
}

function say(response: ServerResponse, status: number, body: object): void {
	response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
