import type { Result } from "../town.ts";
import type { Applying } from "./apply-agent.ts";
import { APPLY_AGENT } from "./apply-agent.ts";
import { APPLY_BEAD } from "./apply-bead.ts";
import { APPLY_CONFIG } from "./apply-config.ts";
import { APPLY_CONVOY } from "./apply-convoy.ts";
import { APPLY_CREDENTIAL } from "./apply-credential.ts";
import { APPLY_DISPATCH } from "./apply-dispatch.ts";
import { APPLY_ESCALATION } from "./apply-escalation.ts";
import { APPLY_MESSAGE } from "./apply-message.ts";
import { APPLY_REVIEW } from "./apply-review.ts";
import { APPLY_SCHEDULER } from "./apply-scheduler.ts";
import { APPLY_SESSION } from "./apply-session.ts";
import { APPLY_TOWN } from "./apply-town.ts";

/** Parameters have passed the entry's own schema. */
type Apply = (applying: Applying, params: never) => Result<unknown>;

/** What each entry of the catalogue does to the rows. */
export const APPLY: Readonly<
	Record<string, (applying: Applying, params: Record<string, unknown>) => Result<unknown>>
> = Object.assign(Object.create(null), {
	...APPLY_BEAD,
	...APPLY_DISPATCH,
	...APPLY_AGENT,
	...APPLY_MESSAGE,
	...APPLY_REVIEW,
	...APPLY_CONVOY,
	...APPLY_TOWN,
	...APPLY_SESSION,
	...APPLY_SCHEDULER,
	...APPLY_ESCALATION,
	...APPLY_CREDENTIAL,
	...APPLY_CONFIG,
} satisfies Record<string, Apply>);
