import { type Diagnosis, diagnose, findingKey } from "../../shared/diagnosis/index.ts";
import type { TownStateValue } from "../../shared/gastown/index.ts";
import type { TownView } from "../../shared/town-view/index.ts";
import type { Town } from "./town.ts";
import { setTownValue, townValue } from "./town-state.ts";

/** Looks at the town by the same rules as the page and keeps what it found; what is as before is not written again. */
export function updateHealth(town: Town, view: TownView): void {
	const found = healthOf(diagnose(view, town.now()), town.now());
	const before = townValue(town, "health");
	if (before && JSON.stringify({ ...before, at: found.at }) === JSON.stringify(found)) return;
	setTownValue(town, "health", found);
}

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
