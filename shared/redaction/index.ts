export { isSecretName, redactDeep } from "./deep.ts";
export { REDACTED } from "./patterns.ts";
export { redact } from "./redact.ts";
export { flushHeld, type Held, pushDelta, redactOpen } from "./stream.ts";
