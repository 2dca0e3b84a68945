import { type Diagnosis, diagnose, findingKey } from "../../shared/diagnosis/index.ts";
import { type Table, TOWN_TABLES, type TownStateValue } from "../../shared/gastown/index.ts";
import type { Position } from "../../shared/protocol/index.ts";
import { emptyTown, keyOf, put, type TownView } from "../../shared/town-view/index.ts";
import { listRows } from "./rows.ts";
import type { Town } from "./town.ts";
import { setTownValue, townValue } from "./town-state.ts";

/** The town as a browser would see it now: every row of the state tables (FEED-4). */
function viewOf(town: Town, position: Position): TownView {
	const view = emptyTown();
	for (const [entity, table] of Object.entries(TOWN_TABLES) as [keyof typeof TOWN_TABLES, Table][]) {
		if (table.kind !== "state") continue;
		for (const row of listRows(town.sql, table)) put(view, entity, keyOf(entity, row), row, null);
	}
	view.position = position;
	view.changedAt = town.now();
	return view;
}

/** Looks at the town by the same rules as the page and keeps what it found; what is as before is not written again. */
export function updateHealth(town: Town, position: Position): void {
	const found = healthOf(diagnose(viewOf(town, position), town.now()), town.now());
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
