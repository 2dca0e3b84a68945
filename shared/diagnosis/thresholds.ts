/** Times and limits that the rules use, each with where it comes from. Milliseconds. */
const MINUTE = 60_000;

/** Heartbeats reach an agent's row only once a minute (FEED-9). */
export const COPIED_MS = MINUTE;

/** An exit within this of the container's death belongs to it: its report comes over the network. */
export const SAME_DEATH_MS = 10_000;
/** Memory at this part of the limit before a death speaks for it (scenarios.md, container.oom). */
export const MEMORY_HIGH = 0.9;

/** An answer of a model that will not change by itself: bad request, bad token, no money, forbidden. */
export const LASTING_ERRORS: readonly number[] = [400, 401, 402, 403];
/** Errors without a status that are as lasting: the conversation itself does not fit any more (sdk-events.md §5). */
export const LASTING_NAMES: readonly string[] = ["ContextOverflowError", "ContentFilterError"];
/** Other errors of a session count from this many on; fewer are retried. */
export const ERRORS_REPEATED = 3;
/** After this without a completed step, a retry or a tool, a single error has ended its turn for good (ours). */
export const ERROR_LASTS_MS = 2 * MINUTE;

/** A tool that runs for longer is told as a reason to wait; shorter ones are just work (ours). */
export const LONG_TOOL_MS = 5 * MINUTE;
/** A stop that takes longer is told: a process that is well ends in seconds (ours). */
export const STOP_SLOW_MS = 30_000;

/** A failure that nobody cared for in a day is history: told as a notice, so that the list stays what needs hands (ours). */
export const OLD_FAILURE_MS = 24 * 60 * MINUTE;

/** So much later than planned and the scheduler's look has not come (scenarios.md §0). */
export const LOOK_LATE = 2;
/** An event of the inbox that still fails after this: a process that is well ends in seconds (ours). */
export const INBOX_STUCK_MS = 2 * MINUTE;
/** So many starts without one that went well are no chance any more; the limit is five (domain.md §2.5). */
export const STARTS_FAILING = 3;
/** Merges of the last hour give the rate of a queue (ours). */
export const MERGE_RATE_MS = 60 * MINUTE;
/** A queue of so many, of which one waits for `review_long_ms`, is backed up (ours). */
export const REVIEWS_MANY = 5;
/** The forge has not answered for so many polls' time: what it knows is not known here (domain.md §2.7: one a minute). */
export const POLLS_MISSED = 5;

/** Sleeps within work that make a cycle, in this time: one may be a limit met by chance (ours; scenarios.md, container.sleep-wake). */
export const SLEEPS = 2;
export const SLEEPS_WITHIN_MS = 60 * MINUTE;
/** The idle stop that a remedy sets at least: twice Gastown's own (domain.md §2.13). */
export const IDLE_STOP_LEAST_MS = 10 * MINUTE;
/** Starts that the platform refused: the first is tried again after a minute (domain.md §2.13), so it is only a notice. */
export const START_REFUSALS = 2;

/** The town asks for a token again by itself: a single failure is often over within this (ours). */
export const RESOLVER_MS = MINUTE;

/** The scheduler recounts a convoy at its next look, every 5 s while something changes (domain.md §2.12). */
export const RECOUNT_MS = 15_000;

/** Equal calls of the mayor's turn that are told: the agents' own guard asks from 3 on (sdk-events.md §5). */
export const LOOP_CALLS = 5;

/** Starts of a bead that did something and came to nothing (ours: one less than are left when all are used, domain.md §2.5). */
export const LOOP_STARTS = 3;
/** Times that a review asked for changes to the same work (ours). */
export const CHURN_REVIEWS = 3;
/** A container without work is put to sleep after its idle stop; twice that has no such reason (domain.md §2.13). */
export const IDLE_TIMES = 2;
