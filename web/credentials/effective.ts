import { limitsOf, thresholdsOf } from "../../shared/gastown/index.ts";
import { ownValue } from "../../shared/interventions/config.ts";
import type { Lookup } from "../../shared/interventions/index.ts";
import { type ListedSetting, valueAt } from "../../shared/interventions/listed-settings.ts";
import { duration } from "../ui/format/duration.ts";

/** A value that holds, in words, and where it comes from. */
export type Effective = { words: string; from: "rig" | "town" | "default" };

/** By the rig's own word, else the town's, else Gastown's default (domain.md §1.4). */
export function effectiveValue(setting: ListedSetting, rig: string | null, look: Lookup): Effective {
	const config = look.town("config");
	const ofRig = rig === null ? undefined : ownValue(setting, rig, look);
	const from = ofRig !== undefined ? "rig" : ownValue(setting, null, look) !== undefined ? "town" : "default";
	const all = {
		...limitsOf(config, rig === null ? {} : look.rig(rig)?.config),
		thresholds: thresholdsOf(config),
	};
	return { words: inWords(valueAt(all, setting.key), setting), from };
}

function inWords(value: unknown, { key }: ListedSetting): string {
	if (value === null || value === undefined) return "no limit";
	if (typeof value === "boolean") return value ? "yes" : "no";
	if (typeof value === "number" && key.endsWith("_ms")) return duration(value);
	return String(value);
}
