import type { Action, Rule } from "../actions.ts";
import type { KiloNow, SchedulerState, TokenNow } from "../state.ts";
import { minutes } from "../words.ts";

/** The container's token lives eight hours and is replaced each hour (domain.md §2.12). */
export const refreshToken: Rule = ({ container, tokenGivenAt, now, thresholds }) =>
	container?.status === "running" && now - (tokenGivenAt ?? 0) > thresholds.container_token_refresh_ms
		? [{ type: "refresh_container_token", why: "An hour has passed" }]
		: [];

/** A git token that a running container holds is renewed before it ends, so that no agent is refused in its midst (CRED-2). */
export const renewTokens: Rule = (state) =>
	state.tokens.flatMap((token): Action[] => {
		const renewal = renewalOf(state, token);
		return renewal ? [{ type: "refresh_git_token", rig: token.rig_id, ...renewal }] : [];
	});

/** `fresh`: another is to be found; else the container gets what is kept. */
function renewalOf(
	{ now, thresholds, agents }: SchedulerState,
	{ rig_id, held, usable, ends_at, life_ms }: TokenNow,
): { fresh: boolean; why: string } | null {
	if (usable === null) return { fresh: true, why: "What the container holds is not to be used any more" };
	// One that lives for minutes is not renewed all the time.
	const ahead = Math.min(thresholds.git_token_refresh_ms, (life_ms ?? Number.POSITIVE_INFINITY) / 2);
	const left = ends_at === null ? Number.POSITIVE_INFINITY : ends_at - now;
	if (left < ahead) return { fresh: true, why: left > 0 ? `It ends in ${minutes(left)}` : "It has ended" };
	if (held === usable) return null;
	// A start takes the newest along, which the container tells with its next heartbeat.
	const starting = [...agents.values()].some(
		(agent) => agent.rig_id === rig_id && agent.attempt_outcome === "starting",
	);
	return starting ? null : { fresh: false, why: "The container holds an older one" };
}

/**
 * Nothing here mints Kilo tokens: one that was set anew reaches the container, and its end is told before it comes
 * (domain.md §2.12, CRED-2).
 */
export const watchKiloToken: Rule = ({ kilo, now, thresholds }) => {
	if (kilo === null) return [];
	const actions: Action[] = [];
	const note = kiloNote(kilo, now, thresholds.kilo_token_warn_ms);
	if (kilo.told?.fingerprint !== kilo.fingerprint || kilo.told.message !== note.message)
		actions.push({ type: "note_kilo_token", ...note, why: note.message ?? "It was set" });
	if (kilo.held !== null && kilo.held !== kilo.fingerprint)
		actions.push({ type: "push_kilo_token", why: "The container holds an older one" });
	return actions;
};

/** The same words until it gets worse, so that they are told once. */
function kiloNote(
	{ ends_at }: KiloNow,
	now: number,
	warn_ms: number,
): { outcome: "ok" | "failed"; message: string | null } {
	if (ends_at === null || ends_at - now > warn_ms) return { outcome: "ok", message: null };
	const ended = ends_at <= now;
	const when = new Date(ends_at).toISOString();
	const message = `It ${ended ? "ended" : "ends"} at ${when}. No other is made in this town: its configuration needs one.`;
	return { outcome: ended ? "failed" : "ok", message };
}
