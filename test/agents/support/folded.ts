import type { NodeViewer } from "../../../scripts/lib/node-viewer.ts";
import { bodiesIn, conversationOf, type Message, withBodies } from "../../../shared/conversation/index.ts";

/** A session as the fold of its agent's stream has it, every body that was cut fetched; `bodies` counts those. */
export async function folded(
	viewer: NodeViewer,
	agent: string,
	session: string,
): Promise<{ messages: Message[]; bodies: number }> {
	const { events } = viewer.stream(agent).getState();
	const messages = conversationOf(events, session);
	const texts = new Map<string, string>();
	const wanted = bodiesIn(messages);
	for (let body = wanted.shift(); body; body = wanted.shift()) {
		if (texts.has(body.$body)) continue;
		const text = await bodyOf(viewer, agent, body.$body);
		texts.set(body.$body, text);
		if (body.json) wanted.push(...bodiesIn(JSON.parse(text)));
	}
	return {
		messages: withBodies(messages, (ref) => texts.get(ref) ?? "") as Message[],
		bodies: texts.size,
	};
}

async function bodyOf(viewer: NodeViewer, agent: string, ref: string): Promise<string> {
	for (let text = "", piece = 0; ; piece++) {
		const read = await viewer.query({ kind: "body", agent, ref, piece });
		if (!read.ok) throw new Error(`body ${ref}: ${read.error.message}`);
		const [row] = read.rows as { text: string; more: boolean }[];
		text += row?.text ?? "";
		if (!row?.more) return text;
	}
}
