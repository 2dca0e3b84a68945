import { createContext } from "react";
import type { LoopMark } from "./tool-calls.ts";

/** Calls that belong to a loop, by the id of their part. */
export type Marks = ReadonlyMap<string, LoopMark>;
export const NO_MARKS: Marks = new Map();
export const LoopMarks = createContext<Marks>(NO_MARKS);
