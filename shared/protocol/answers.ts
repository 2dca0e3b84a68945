import { z } from "zod";
import { position } from "./position.ts";

/** What an `answer` that is ok holds in `value`, by the request it answers. Times are epoch milliseconds. */

/** To `ping`: the session's clock, and the town's as its feed last told it; null before the first word from the town. */
export const pong = z.object({ now: z.number(), town_now: z.number().nullable() });
export type Pong = z.infer<typeof pong>;

/** To `follow`: where the agent's stream is now, and the oldest seq still stored. */
export const followed = z.object({ position, horizon: z.int() });
export type Followed = z.infer<typeof followed>;

/** To `query`: newest first; `more` tells whether older ones exist. A `body` is one row `{text, more}`, a `cell` one row `{text}`, a `moment` one row (`Moment`), a
 * `passage` one row (`Passage`), its segments oldest first. */
export const rowsAnswer = z.object({ rows: z.array(z.unknown()), more: z.boolean() });
export type RowsAnswer = z.infer<typeof rowsAnswer>;
