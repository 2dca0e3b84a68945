import { type Diagnosis, diagnose, findingKey, type Looks } from "../../shared/diagnosis/index.ts";
import type { TownStateValue } from "../../shared/gastown/index.ts";
import type { TownView } from "../../shared/town-view/index.ts";
import { appliedSince } from "./interventions/receipts.ts";
import type { Town } from "./town.ts";
import { setTownValue, townValue } from "./town-state.ts";

/** Minutes that only pass are written again after this, so that the owner's page does not show old ones for hours. */
const MINUTES_MS = 10 * 60_000;

/**
 * Looks at the town by the same rules as the page and keeps what it found. What is as before is not written again, nor is what
 * differs in minutes alone: each look would else be a change of the town (TOWN-6). The first look after an intervention is: who
 * acted waits to be told that their finding has cleared, and may have acted before the town itself had seen it (LEDGER-8).
 */
export function updateHealth(town: Town, view: TownView, looks: Looks | null): void {
	const found = healthOf(diagnose(view, town.now(), looks), town.now());
	const before = townValue(town, "health");
	if (before && !appliedSince(town.sql, Date.parse(before.at))) {
		if (JSON.stringify({ ...before, at: found.at }) === JSON.stringify(found)) return;
		const young = town.now() - Date.parse(before.at) < MINUTES_MS;
		if (young && withoutMinutes(before) === withoutMinutes(found)) return;
	}
	setTownValue(town, "health", found);
}

/** Spans of time as `words.ts` says them. */
const SPANS = /under a minute|just now|\b\d+ (?:min|h|d)\b|\bago\b/g;

const withoutMinutes = (health: TownStateValue<"health">): string =>
	JSON.stringify({ ...health, at: "", reason: health.reason.replace(SPANS, "").replace(/\s+/g, " ") });

const healthOf = (diagnosis: Diagnosis, now: number): TownStateValue<"health"> => ({
	light: diagnosis.light,
	reason: diagnosis.reason,
	findings: [...diagnosis.findings, ...diagnosis.notices].map((finding) => ({
		code: finding.code,
		subject: findingKey(finding),
		severity: finding.severity,
		since: finding.since,
	})),
	at: new Date(now).toISOString(),
});
