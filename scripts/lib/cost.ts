import { CONTAINER_COST } from "../../shared/gastown/container-cost.ts";

/**
 * Cloudflare's list prices of the paid plan beyond what it includes, in USD, read in 2026-08:
 * developers.cloudflare.com/workers/platform/pricing and …/durable-objects/platform/pricing.
 */
const PRICES = {
	workerRequest: 0.3 / 1e6,
	workerCpuMs: 0.02 / 1e6,
	objectRequest: 0.15 / 1e6,
	objectGbSecond: 12.5 / 1e6,
	rowWritten: 1 / 1e6,
	storageGbMonth: 0.2,
};

/** An object's memory as it is billed, whatever it uses. */
const OBJECT_GB = 0.128;
const HOUR_S = 3_600;
const MONTH_H = 730;

/** What the example takes for true. Each figure errs to the dear side; measure your own towns. */
export const ASSUMED = {
	/** Objects that stay in memory while the town is watched: the session, the town, four agents. */
	awakeObjects: 6,
	/** Reports that a busy container sends in a second, each of them one request to the Worker and one to an object. */
	reportsPerSecond: 4,
	cpuMsPerReport: 3,
	rowsPerReport: 4,
	/** Share of the container's four processors that is used. */
	busy: 0.25,
	/** A town asleep looks after itself so often, for so long, and writes so many rows then. */
	looksPerHour: 12,
	secondsPerLook: 0.05,
	rowsPerLook: 2,
	storedGbPerTown: 0.05,
};

type Line = { what: string; usd: number };

/** One town at work and watched by one admin, for an hour. */
export function watchedHour(): Line[] {
	const reports = ASSUMED.reportsPerSecond * HOUR_S;
	return [
		{ what: "container awake (standard-4)", usd: CONTAINER_COST.awake },
		{ what: `its processors, ${ASSUMED.busy * 100} % used`, usd: CONTAINER_COST.busiest * ASSUMED.busy },
		{
			what: `${ASSUMED.awakeObjects} objects in memory`,
			usd: ASSUMED.awakeObjects * OBJECT_GB * HOUR_S * PRICES.objectGbSecond,
		},
		{
			what: `${reports} reports: requests and processor`,
			usd:
				reports * (PRICES.workerRequest + PRICES.objectRequest + ASSUMED.cpuMsPerReport * PRICES.workerCpuMs),
		},
		{ what: "rows written", usd: reports * ASSUMED.rowsPerReport * PRICES.rowWritten },
	];
}

/** So many towns asleep, nobody watching, for a month. Their containers cost nothing. */
export function asleepMonth(towns: number): Line[] {
	const looks = towns * ASSUMED.looksPerHour * MONTH_H;
	return [
		{
			what: `${looks} looks: requests and time`,
			usd: looks * (PRICES.objectRequest + ASSUMED.secondsPerLook * OBJECT_GB * PRICES.objectGbSecond),
		},
		{ what: "rows written", usd: looks * ASSUMED.rowsPerLook * PRICES.rowWritten },
		{
			what: `${towns * ASSUMED.storedGbPerTown} GB stored`,
			usd: towns * ASSUMED.storedGbPerTown * PRICES.storageGbMonth,
		},
	];
}

/** As docs/deploy.md shows it. */
export function costTable(title: string, lines: Line[]): string {
	const usd = (value: number) => `$${value.toFixed(3)}`;
	const sum = lines.reduce((all, line) => all + line.usd, 0);
	return [
		`| ${title} | USD |`,
		"| --- | ---: |",
		...lines.map((line) => `| ${line.what} | ${usd(line.usd)} |`),
		`| **sum** | **${usd(sum)}** |`,
	].join("\n");
}
