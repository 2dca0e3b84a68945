import type { Conversation } from "./conversation.ts";
import type { ToolCall } from "./model-client.ts";
import type { Permissions } from "./permissions.ts";
import { TOOLS } from "./tools/index.ts";
import type { Message, ToolPart, ToolState } from "./types.ts";

type Running = {
	conversation: Conversation;
	permissions: Permissions;
	message: Message;
	call: ToolCall;
	signal: AbortSignal;
};

/** Runs one call of the model: pending, running, and then completed or error, each told (sdk-events.md §4). Never rejects. */
export async function runTool({ conversation, permissions, message, call, signal }: Running): Promise<void> {
	const { name, arguments: text } = call.function;
	const part: Omit<ToolPart, "state"> = {
		...conversation.newPart(message),
		...{ type: "tool", tool: name, callID: call.id },
	};
	const say = (state: ToolState) => conversation.put(message, { ...part, state });
	say({ status: "pending", input: {}, raw: "" });
	const start = Date.now();
	const failed = (input: Record<string, unknown>, error: string, metadata?: Record<string, unknown>) =>
		say({
			status: "error",
			input,
			error,
			...(metadata ? { metadata } : {}),
			time: { start, end: Date.now() },
		});
	let input: Record<string, unknown>;
	try {
		input = JSON.parse(text || "{}") as Record<string, unknown>;
	} catch (error) {
		return failed({}, `The arguments are no JSON: ${String(error)}`);
	}
	const tool = TOOLS[name];
	if (!tool) return failed(input, `There is no tool "${name}".`);
	say({ status: "running", input, time: { start } });
	try {
		const { title, output, metadata } = await tool.run(input, {
			cwd: conversation.info.directory,
			signal,
			progress: (so_far) => say({ status: "running", input, metadata: so_far, time: { start } }),
			ask: (permission, patterns, about) =>
				permissions.ask({
					...{ sessionID: conversation.info.id, permission, patterns, metadata: about, signal },
					tool: { messageID: message.info.id, callID: call.id },
				}),
		});
		say({ status: "completed", input, output, title, metadata, time: { start, end: Date.now() } });
	} catch (error) {
		if (signal.aborted) return failed(input, "Tool execution aborted", { interrupted: true });
		failed(input, error instanceof Error ? error.message : String(error));
	}
}
