import { type Envelope, payloadAt } from "./envelope.ts";

/** A frame's text with the envelope that was read from it. */
export type FrameText = { envelope: Extract<Envelope, { t: "changes" | "stream" }>; text: string };

/**
 * Frames of one feed, each following the one before, as the one text that the source would have sent for all of them:
 * the payloads are joined as they stand, nothing of them is parsed (SESSION-4). The list may not be empty.
 */
export function joinFrames(frames: readonly FrameText[]): string {
	const [first, last] = [frames[0], frames.at(-1)];
	if (!first || !last) throw new Error("there is nothing to join");
	if (first === last) return first.text;
	const envelope = JSON.stringify({ ...last.envelope, from: first.envelope.from });
	const payload = last.envelope.t === "changes" ? "batches" : "segments";
	const texts = frames.map(({ text }) => text.slice(text.indexOf("[", payloadAt(text)) + 1, -2));
	return `${envelope.slice(0, -1)},"${payload}":[${texts.filter(Boolean).join(",")}]}`;
}
