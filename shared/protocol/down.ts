import { z } from "zod";
import { answer } from "./down/answer.ts";
import { changes } from "./down/changes.ts";
import { goodbye } from "./down/goodbye.ts";
import { intervention } from "./down/intervention.ts";
import { pulse } from "./down/pulse.ts";
import { session } from "./down/session.ts";
import { state } from "./down/state.ts";
import { stream } from "./down/stream.ts";
import { welcome } from "./down/welcome.ts";

/** Everything a session says. Between our own objects only the envelope is checked; this schema is the contract and its test. */
export const down = z.union([welcome, state, changes, stream, pulse, session, intervention, answer, goodbye]);
export type Down = z.infer<typeof down>;
