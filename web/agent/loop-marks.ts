import { createContext } from "react";
import type { LoopMark } from "./tool-calls.ts";

/** Calls that belong to a loop, by the id of their part. */
export type Marks = ReadonlyMap<string, LoopMark>;
export const NO_MARKS: Marks = new Map();
export const LoopMarks = createContext<Marks>(NO_MARKS);

/** When the stream of these lines ended, each time, epoch milliseconds: what ran then ended unseen. */
export const StreamEnds = createContext<readonly number[]>([]);
