export { type Clock, ClockProvider, useClock, useNow } from "./clock.tsx";
export * from "./format/duration.ts";
export * from "./format/number.ts";
export * from "./format/time.ts";
export { Id } from "./id.tsx";
export { Money } from "./money.tsx";
export * from "./status/index.ts";
export { Ago, Duration, Time } from "./time.tsx";
