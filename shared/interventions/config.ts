import { z } from "zod";
import type { CatalogueEntry, Lookup } from "./catalogue-entry.ts";
import { mayTown } from "./container.ts";
import { rowIs, stateIs } from "./effects.ts";
import { LISTED_SETTINGS, type ListedSetting, valueAt, whyNotValue } from "./listed-settings.ts";
import { noop, OK, refused, unreachable } from "./reading.ts";

const settingOf = (key: string): ListedSetting | undefined => LISTED_SETTINGS.find((one) => one.key === key);

/** `value` null: as the town, or the default, says. */
const set = z
	.object({
		/** Null: the town's own. */
		rig: z.string().max(200).nullable().default(null),
		key: z.string().max(100),
		value: z.union([z.string().max(200), z.number(), z.boolean()]).nullable(),
	})
	.superRefine(({ key, value }, issues) => {
		const setting = settingOf(key);
		const message = setting
			? value === null
				? null
				: whyNotValue(setting, value)
			: `${key || "That"} is no setting that can be set here.`;
		if (message) issues.addIssue({ code: "custom", path: ["value"], message });
	});
type SetSetting = z.infer<typeof set>;

/** Where a setting stands in the row of its town or rig; null where a rig has no such setting. */
export const pathOf = (setting: ListedSetting, rig: string | null): string | null =>
	rig === null ? setting.key : setting.rigKey;

/** The own value of a rig or town; undefined where it has none. */
export function ownValue(setting: ListedSetting, rig: string | null, look: Lookup): unknown {
	const path = pathOf(setting, rig);
	return path === null
		? undefined
		: valueAt(rig === null ? look.town("config") : look.rig(rig)?.config, path);
}
const own = ({ key, rig }: SetSetting, look: Lookup): unknown => {
	const setting = settingOf(key);
	return setting && ownValue(setting, rig, look);
};

/** A value at a path with dots, as the row has it. */
const at = (path: string, value: unknown): Record<string, unknown> =>
	path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>;

const inWords = (value: unknown): string =>
	value === undefined || value === null
		? "not set"
		: value === true
			? "yes"
			: value === false
				? "no"
				: String(value);
const whose = (rig: string | null, look: Lookup): string =>
	rig === null ? "the town" : (look.rig(rig)?.name ?? rig);

/** Values by which work is started or merged without anybody pressing it: money is spent, and no undo takes it back. */
const STARTS: Record<string, { does: string; is(value: unknown, was: unknown): boolean }> = {
	max_polecats_per_rig: {
		does: "Start beads that wait, as many as there is room for, which spends money.",
		is: (value, was) => typeof value !== "number" || typeof was !== "number" || value > was,
	},
	auto_merge: {
		does: "Merge every pull request that is ready, without a person.",
		is: (value) => value === true,
	},
	auto_merge_delay_minutes: {
		does: "Merge pull requests that are ready sooner, where they merge by themselves.",
		is: (value, was) => typeof value !== "number" || typeof was !== "number" || value < was,
	},
};
const startsBy = (params: SetSetting, look: Lookup): string | null => {
	const known = STARTS[params.key];
	return known?.is(params.value, own(params, look)) ? known.does : null;
};

const configSet: CatalogueEntry<SetSetting> = {
	name: "config.set",
	target: "town",
	params: set,
	title: "Change a setting of",
	draft: { rig: null, key: "max_polecats_per_rig", value: null },
	label: (_, { rig, key, value }, look) =>
		`${value === null ? "Unset" : "Set"} ${settingOf(key)?.label.toLowerCase() ?? key} of ${whose(rig, look)}${
			value === null || value === "" ? "" : ` to ${inWords(value)}`
		}`,
	saw: (_, params, look) => ({ [params.key]: own(params, look) ?? null }),
	precondition(id, params, look) {
		const may = mayTown(id, look);
		if (!may.ok) return may;
		const setting = settingOf(params.key);
		if (!setting) return refused("no-setting", "That is no setting that can be set here.");
		if (params.rig !== null && !look.rig(params.rig))
			return refused("gone", "This rig does not exist any more.");
		if (pathOf(setting, params.rig) === null)
			return refused("town-only", "This setting is the town's: a rig has none of its own.");
		if (params.rig === null && !look.town("config"))
			return refused("no-config", "The town has not told of its configuration.");
		return (own(params, look) ?? null) === params.value
			? noop("same", params.value === null ? "It is not set." : "It has this value already.")
			: OK;
	},
	danger: (_, params, look) => (startsBy(params, look) === null ? "safe" : "disruptive"),
	preview(_, params, look) {
		const setting = settingOf(params.key);
		const starts = startsBy(params, look);
		const else_ = params.rig === null ? "the default holds" : "the town's holds";
		return {
			will: [
				`Change ${setting?.label.toLowerCase() ?? params.key} of ${whose(params.rig, look)} from ${inWords(own(params, look))} to ${
					params.value === null ? `not set: ${else_}` : inWords(params.value)
				}.`,
				`Take effect: ${setting?.takesEffect ?? ""}`,
				...(starts === null ? [] : [starts]),
			],
			wont: [
				params.rig === null ? "Change what a rig has set for itself." : "Change the town or other rigs.",
				"End or restart any session.",
			],
		};
	},
	effects(_, params, look) {
		const setting = settingOf(params.key);
		const path = (setting && pathOf(setting, params.rig)) ?? params.key;
		const label = `${setting?.label ?? params.key} is ${inWords(params.value)}`;
		const is = at(path, params.value);
		// Of something nested the whole may go with its last value: its own row tells.
		if (params.rig !== null) return [rowIs(label, "rigs", params.rig, { config: is })];
		if (!path.includes(".") || params.value !== null) return [stateIs(label, "config", is)];
		const was = { value: at(path, own(params, look) ?? null) };
		return [stateIs(`${setting?.label ?? path} is not set`, "config", {}, { isnt: was })];
	},
	outside: () => [],
	undo(_, params, look) {
		const before = own(params, look);
		const setting = settingOf(params.key);
		// A value that could not be set here cannot be set again.
		const known =
			before === undefined || (setting && before !== null && whyNotValue(setting, before) === null);
		return known ? { name: "config.set", params: { ...params, value: before ?? null } } : null;
	},
	next: null,
	within: 10_000,
};

/** What the container sets itself, and what changes how its processes are loaded. */
const RESERVED = /^(PATH|HOME|SHELL|USER|PWD|TMPDIR)$|^(GASTOWN|GT|GIT|NODE|LD|DYLD|KILO|OPENCODE|SSH)_/;
const setEnv = z.object({
	name: z
		.string()
		.regex(/^[A-Z_][A-Z0-9_]{0,99}$/, "A variable's name has capitals, digits and _ only.")
		.refine((name) => !RESERVED.test(name), "This variable is the container's own."),
	unset: z.boolean().default(false),
});
type SetEnv = z.infer<typeof setEnv>;

/** Names of the variables that are set for the town's agents; values are never shown (FEED-6). */
export function variableNames(look: Lookup): string[] {
	const set = look.town("config")?.env_vars;
	return typeof set === "object" && set !== null ? Object.keys(set).sort() : [];
}
const environment = (look: Lookup) => look.town("environment")?.version ?? 0;

const configSetEnv: CatalogueEntry<SetEnv> = {
	name: "config.set-env",
	target: "town",
	params: setEnv,
	secret: ({ unset }) => (unset ? null : "Value, never shown again"),
	title: "Change a variable of",
	draft: { name: "", unset: false },
	label: (_, { name, unset }) => `${unset ? "Unset" : "Set"} ${name || "a variable"}`,
	saw: (_, { name }, look) => ({ set: variableNames(look).includes(name) }),
	precondition(id, { name, unset }, look) {
		const may = mayTown(id, look);
		if (!may.ok) return may;
		if (!look.town("config")) return refused("no-config", "The town has not told of its configuration.");
		if (typeof look.town("config")?.env_vars === "string")
			return refused(
				"masked",
				"The town's variables are masked as a whole: one cannot be changed without losing the others.",
			);
		return unset && !variableNames(look).includes(name) ? noop("unset", "This variable is not set.") : OK;
	},
	danger: () => "safe",
	preview: (_, { name, unset }, look) => ({
		will: [
			unset
				? `Take ${name} away.`
				: `Set ${name || "it"}${variableNames(look).includes(name) ? " to another value: the old one is lost" : ""}.`,
			`Make version ${environment(look) + 1} of the environment. It is used when the container starts next, or is synced.`,
		],
		wont: [
			"Reach agents that run: each keeps what it was started with.",
			...(unset ? [] : ["Show the value again."]),
		],
	}),
	effects: (_, { name, unset }, look) => [
		unset
			? stateIs(`${name} is not set`, "config", {}, { isnt: { value: { env_vars: { [name]: "masked" } } } })
			: stateIs(`${name} is set`, "config", { env_vars: { [name]: "masked" } }),
		stateIs(`environment has version ${environment(look) + 1}`, "environment", {
			version: environment(look) + 1,
		}),
	],
	outside: () => [],
	undo: (_, { name, unset }, look) =>
		!unset && !variableNames(look).includes(name)
			? { name: "config.set-env", params: { name, unset: true } }
			: null,
	next: null,
	within: 10_000,
};

const none = z.object({});

const containerSyncConfig: CatalogueEntry<z.infer<typeof none>> = {
	name: "container.sync-config",
	target: "container",
	params: none,
	title: "Sync the configuration of",
	label: () => "Sync the environment",
	saw: (_, __, look) => ({
		config_version: look.town("container")?.config_version ?? null,
		environment: environment(look),
	}),
	precondition(id, _, look) {
		const may = mayTown(id, look);
		if (!may.ok) return may;
		const cannot = unreachable(look);
		if (cannot) return cannot;
		return (look.town("container")?.config_version ?? "0") === String(environment(look))
			? noop("same", "The container has this version already.")
			: OK;
	},
	danger: () => "safe",
	preview: (_, __, look) => ({
		will: [
			`Give the container version ${environment(look)} of the environment: ${variableNames(look).join(", ") || "no variables"}.`,
			"Restart 0 sessions: agents that are started from then on have it.",
		],
		wont: ["Reach agents that run: each keeps what it was started with."],
	}),
	effects: (_, __, look) => [
		stateIs(
			`the container has version ${environment(look)}`,
			"container",
			{ config_version: String(environment(look)) },
			{ outside: true },
		),
	],
	outside: () => [{ kind: "sync-config" }],
	undo: () => null,
	next: "container.restart",
	within: 60_000,
};

export const CONFIG = [configSet, configSetEnv];
export const CONTAINER_CONFIG = [containerSyncConfig];
