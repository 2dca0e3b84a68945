import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { mayFollow } from "../../shared/diagnosis/codes.ts";
import { diagnose, type Finding, findingKey, type RemedyStep, rootOf } from "../../shared/diagnosis/index.ts";
import type { DrillOffer, DrillRun } from "../../shared/drills/index.ts";
import { CATALOGUE, takesSecret, targetIn } from "../../shared/interventions/index.ts";
import { foldLedger, type LedgerStory } from "../../shared/ledger/fold.ts";
import { lookupOf } from "../../shared/town-view/index.ts";
import type { NodeViewer } from "../lib/node-viewer.ts";
import { unfinishedIn } from "./good-end.ts";
import { remedyEnd } from "./remedy-end.ts";

/** How long a finding may take, an effect after its press, a clearing after it, and the work after that. Seconds. */
const LIMITS = { broken: 90, found: 60, effect: 60, cleared: 90, work: 120 };
const LOOK_MS = 250;
/** What stands beside a finding is looked at this long after it: its consequences come with the next looks. */
const SETTLES_MS = 1_500;

/** The local world's side of a drill, and the console's. */
export type DrillSite = {
	/** A route of the local world below `/drills`. */
	call<T>(method: "GET" | "POST", path: string): Promise<T>;
	open(town: string): NodeViewer;
};

/** One town, broken once. Times in seconds; null where it did not come to it. */
export type Pass = {
	town: string;
	/** From the fault to the finding. */
	found: number | null;
	/** Roots above notice that are no consequence of it. */
	others: string[];
	/** Not pressed: whether it mended itself, or still stood, as the drill says. */
	recovers: boolean | null;
	/** Pressed: each effect seen or there before, the finding cleared and stayed so, the work done, the ledger whole. */
	mended: boolean | null;
	effect: number | null;
	cleared: number | null;
	/** What was not as it is to be, in words. */
	wrong: string[];
};

const findingsOf = (viewer: NodeViewer): Finding[] =>
	diagnose(viewer.store.getState().view, viewer.now()).findings;
const rootIn = (viewer: NodeViewer, code: string): Finding | undefined => rootOf(findingsOf(viewer), code);

async function within<T>(
	seconds: number,
	is: () => T | null | undefined | false | Promise<T | null | undefined | false>,
): Promise<T | null> {
	for (const end = Date.now() + seconds * 1_000; Date.now() < end; await pause(LOOK_MS)) {
		const found = await is();
		if (found) return found;
	}
	return null;
}

/** Breaks a fresh town and waits for the finding; then either nothing is pressed, or its remedy. */
export async function runPass(site: DrillSite, offer: DrillOffer, pressed: boolean): Promise<Pass> {
	const begun = await site.call<DrillRun>("POST", `/${offer.code}`);
	const viewer = site.open(begun.town);
	const pass: Pass = {
		...{ town: begun.town, found: null, others: [], recovers: null, mended: null },
		...{ effect: null, cleared: null, wrong: [] },
	};
	try {
		const look = () => site.call<DrillRun>("GET", `/runs/${begun.town}`);
		const broken = await within(LIMITS.broken, async () => {
			const run = await look();
			if (run.state === "failed") throw new Error(run.error ?? "it could not be broken");
			return run.state === "broken" && run;
		});
		if (!broken) throw new Error(`it was not broken within ${LIMITS.broken} s`);
		const since = broken.broken_at ?? Date.now();
		const finding = await within(LIMITS.found, () => rootIn(viewer, offer.code));
		if (!finding) {
			pass.wrong.push(`not found; told instead: ${toldBy(viewer) || "nothing"}`);
			return pass;
		}
		pass.found = Math.max(0, (Date.now() - since) / 1_000);
		await pause(SETTLES_MS);
		pass.others = findingsOf(viewer)
			.filter(
				({ code, severity, because }) => severity !== "notice" && because === null && code !== offer.code,
			)
			.filter(({ code }) => !mayFollow(offer.code, code))
			.map(({ code }) => code);
		if (pressed) await mend(site, viewer, offer, broken, pass);
		else await leave(viewer, offer, pass);
	} catch (error) {
		pass.wrong.push(error instanceof Error ? error.message : String(error));
	} finally {
		viewer.close();
		await site.call("POST", `/runs/${begun.town}/end`).catch(() => undefined);
	}
	return pass;
}

const toldBy = (viewer: NodeViewer): string =>
	findingsOf(viewer)
		.map(({ code, sentence }) => `${code} (${sentence})`)
		.join("; ");

/** Nothing is pressed: it mends itself in its time, or still stands when that is over. */
async function leave(viewer: NodeViewer, { code, alone }: DrillOffer, pass: Pass): Promise<void> {
	const gone = await within(alone.withinS, () => rootIn(viewer, code) === undefined);
	pass.recovers = (gone !== null) === alone.mends;
	if (!pass.recovers)
		pass.wrong.push(
			alone.mends ? `still there after ${alone.withinS} s` : `it went by itself; told now: ${toldBy(viewer)}`,
		);
}

/** The remedy is pressed as the page presses it, and its whole story is awaited. */
async function mend(
	site: DrillSite,
	viewer: NodeViewer,
	{ code, outside }: DrillOffer,
	run: DrillRun,
	pass: Pass,
): Promise<void> {
	pass.mended = false;
	await site.call("POST", `/runs/${run.town}/mend`);
	// The world may have put it right alone: what only its owner can do has no button.
	const finding = rootIn(viewer, code);
	const pressedAt = Date.now();
	if (finding && !(finding.recovers.who === "user" && outside)) {
		const ids = await press(viewer, finding, run);
		const end = () => remedyEnd(stories(viewer), ids);
		await within(LIMITS.effect, () => end().over);
		const { over, unseen, acted } = end();
		if (!over || unseen.length > 0) {
			const story = (id: string) => stories(viewer).find((one) => one.id === id);
			const told = unseen.map((id) => `${story(id)?.intent?.name}: ${JSON.stringify(story(id)?.outcome)}`);
			return void pass.wrong.push(`no effect was seen of ${told.join(", ")}`);
		}
		if (!acted) return void pass.wrong.push("no step of its remedy had anything to do");
		pass.effect = (Date.now() - pressedAt) / 1_000;
		const cleared = () => end().acted?.cleared;
		if (!(await within(LIMITS.cleared, cleared)))
			return void pass.wrong.push(`it did not clear; told: ${toldBy(viewer)}`);
		if (cleared()?.cleared !== true) return void pass.wrong.push("it came back");
	} else if (!(await within(LIMITS.cleared, () => rootIn(viewer, code) === undefined)))
		return void pass.wrong.push("it did not clear once its cause had gone");
	pass.cleared = (Date.now() - pressedAt) / 1_000;
	const unfinished = () => unfinishedIn(viewer.store.getState().view, run);
	if (!(await within(LIMITS.work, () => unfinished().length === 0)))
		return void pass.wrong.push(`the work did not end well: ${unfinished().join(", ")}`);
	if (rootIn(viewer, code)) return void pass.wrong.push("it came back");
	pass.mended = true;
}

const stories = (viewer: NodeViewer): LedgerStory[] => foldLedger(viewer.store.getState().ledger);

/** Proposes the remedy with its parameters filled in; answers the ids of its steps. One with a secret is pressed step by step, as on the page. */
async function press(viewer: NodeViewer, finding: Finding, run: DrillRun): Promise<string[]> {
	const { remedy } = finding;
	if (remedy.length === 0) throw new Error(`${findingKey(finding)} offers nothing to press`);
	const beside = { reason: "A drill", finding: { ...finding } };
	const refusedOr = (result: { ok: true } | { ok: false; error: { message: string } }) => {
		if (!result.ok) throw new Error(`${remedy[0]?.name} was refused: ${result.error.message}`);
	};
	const apart = remedy.some(takesSecret);
	if (remedy.length > 1 && !apart) {
		const steps = remedy.map((step) => filledIn(viewer, step, run));
		refusedOr(await viewer.remedy({ remedy: randomUUID(), steps, ...beside, wait_ms: 0 }));
		return steps.map(({ intervention }) => intervention);
	}
	const ids: string[] = [];
	for (const step of remedy) {
		const one = filledIn(viewer, step, run);
		const secret = takesSecret(step) ? run.secrets?.[step.name] : undefined;
		refusedOr(await viewer.propose({ ...one, ...beside, ...(secret === undefined ? {} : { secret }) }));
		ids.push(one.intervention);
		const end = () => remedyEnd(stories(viewer), [one.intervention]);
		await within(LIMITS.effect, () => end().over);
		if (end().unseen.length > 0) break;
	}
	return ids;
}

function filledIn(viewer: NodeViewer, step: RemedyStep, { town, choose }: DrillRun) {
	const entry = CATALOGUE[step.name];
	if (!entry) throw new Error(`${step.name} is in no catalogue`);
	const target = targetIn(town, step);
	const params = entry.params.parse({ ...step.params, ...choose?.[step.name] });
	return {
		...{ intervention: randomUUID(), name: step.name, target, params },
		saw: entry.saw(target, params, lookupOf(viewer.store.getState().view)),
	};
}
