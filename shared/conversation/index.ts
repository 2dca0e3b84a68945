export { bodiesIn, headOf, isBody, sizeOf, withBodies, withHeads } from "./body.ts";
export { apply, type Conversation, conversationOf, createConversation } from "./conversation.ts";
export { type EventInput, eventOf, isNoise, isRecord } from "./event.ts";
export { forget } from "./forget.ts";
export { foldSignals, isForeign, noSignals, type Signals, signalColumns } from "./signals.ts";
export { SETTLE_MS, settledStatus } from "./status.ts";
export { type ToolOutcome, toolOutcome } from "./tool-outcome.ts";
export * from "./types.ts";
export { modelOf, usageOf } from "./usage.ts";
