import type { ContainerState } from "../../../shared/gastown/index.ts";
import { containerLook } from "../../ui/status/container-look.ts";
import { lightLook } from "../../ui/status/other-looks.ts";
import { type Fields, isFields, isNone, type NameOf, named, same, value, wordOf } from "./values.ts";

type Told = { from: Fields | null; to: Fields; nameOf: NameOf };

/** Values of `town_state` by their key; null where nothing that a person needs has changed. */
const WORDS: Record<string, (of: Told) => string | null> = {
	health: ({ from, to }) => {
		if (from && from.light === to.light) return null;
		const light = lightLook(String(to.light)).word;
		return `Health: ${light}${isNone(to.reason) || light === "Healthy" ? "" : `, ${String(to.reason)}`}`;
	},
	container: ({ from, to }) => {
		if (from && from.status === to.status && from.instance_id === to.instance_id) return null;
		return `Container ${containerLook(to as ContainerState, false).word}`;
	},
	run_policy: ({ to, nameOf }) =>
		`Run policy: ${wordOf(to.policy)}${isNone(to.by) ? "" : `, by ${named(to.by, nameOf)}`}`,
	billing: ({ to }) =>
		to.blocked
			? `Billing stops the town${isNone(to.reason) ? "" : `: ${String(to.reason)}`}`
			: "Billing in order",
	drain: () => "Draining: nothing new is started",
	dispatch_pause: ({ to, nameOf }) =>
		`Dispatch paused by ${named(to.by, nameOf)} until ${value(to.until, nameOf)}`,
	circuit: ({ to }) => `The circuit breaker opened: ${String(to.message)}`,
	breaker_reset: ({ to, nameOf }) => `The circuit breaker was reset by ${named(to.by, nameOf)}`,
	look_order: ({ to, nameOf }) =>
		isNone(to.looked_at)
			? `A look was asked for by ${named(to.by, nameOf)}`
			: "The look that was asked for has come",
	// Each look is told by what it did; only one that failed at something is told itself.
	scheduler: ({ from, to }) =>
		Number(to.failed) > Number(from?.failed ?? 0)
			? `The scheduler failed at ${String(to.failed)} of its actions${isNone(to.last_error) ? "" : `: ${String(to.last_error)}`}`
			: null,
	town: ({ to }) => `Town ${String(to.name)}`,
	config: ({ from, to }) => {
		const names = Object.keys({ ...from, ...to }).filter((name) => !same(from?.[name], to[name]));
		return `Settings: ${names.join(", ").replaceAll("_", " ") || "unchanged"}`;
	},
};

const ENDED: Record<string, string> = {
	drain: "Draining ended",
	dispatch_pause: "Dispatch goes on",
	circuit: "The circuit breaker closed",
};

/** A change of a row of `town_state`; null for housekeeping, undefined for a key or shape this page does not know. */
export function townWords(
	key: string,
	before: Fields | undefined,
	row: Fields,
	nameOf: NameOf,
): string | null | undefined {
	const to = row.value;
	if (to === null) return before && before.value === null ? null : ENDED[key];
	// Told where it was set.
	if (key === "in_force") return null;
	if (!isFields(to)) return undefined;
	const from = before && isFields(before.value) ? before.value : null;
	return WORDS[key]?.({ from, to, nameOf });
}
