import type { Tool } from "../types.ts";
import { bash } from "./bash.ts";
import { edit, read, write } from "./files.ts";

/** The tools of the scripted agent, by the names that opencode and kilo use. */
export const TOOLS: Readonly<Record<string, Tool>> = { bash, read, write, edit };
