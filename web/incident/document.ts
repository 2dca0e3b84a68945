import { html, raw } from "hono/html";
import { foldLedger } from "../../shared/ledger/fold.ts";
import { storyLook, storyTitle } from "../ledger/story-words.ts";
import { causeWords } from "../town/changes/cause-words.ts";
import { type EventRow, eventReader } from "../town/changes/event-rows.ts";
import type { NameOf } from "../town/changes/values.ts";
import type { Incident } from "./incident.ts";
import { saidLines } from "./said-lines.ts";

const STYLE = `
:root { color-scheme: light dark; font: 14px/1.45 system-ui, sans-serif; }
body { max-width: 1100px; margin: 24px auto; padding: 0 16px; }
h1 { font-size: 20px; margin: 0 0 8px; } h2 { font-size: 16px; margin: 28px 0 8px; border-bottom: 1px solid; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; } dt { opacity: .7; } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: 2px 12px 2px 0; }
td:first-child { white-space: nowrap; width: 100px; font-variant-numeric: tabular-nums; }
td:nth-child(2):not(:last-child) { width: 150px; overflow-wrap: anywhere; } td.quiet { width: 170px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font: 12px/1.4 ui-monospace, monospace; }
summary { cursor: pointer; padding: 4px 0; } .quiet { opacity: .7; }
`;

/** Times are told in UTC: the file may be opened anywhere. */
const utc = (ms: number): string => new Date(ms).toISOString();
const clock = (ms: number): string => utc(ms).slice(11, 23);

/** JSON that can stand in a script element. */
const embedded = (value: unknown) => raw(JSON.stringify(value).replaceAll("<", "\\u003c"));

/** The incident as one HTML file that needs nothing else: to be read as it is, with all that was read as JSON inside. */
export function incidentDocument(incident: Incident, nameOf: NameOf): string {
	const { town, range, saved } = incident;
	const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Incident: ${town.name}, ${utc(range.from)}</title>
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>${raw(STYLE)}</style></head><body>
<h1>Incident in ${town.name}</h1>
<dl>
<dt>Town</dt><dd>${town.name} (${town.id}), owner ${town.owner}</dd>
<dt>Range</dt><dd>${utc(range.from)} to ${utc(range.to)}</dd>
<dt>Saved</dt><dd>${utc(saved.at)} by ${saved.by}, opened for: ${saved.reason}</dd>
<dt>Made with</dt><dd>Townwatch. Times are UTC, of the town's clock. Internal: it holds a customer's data.</dd>
</dl>
${incident.leftOut.length > 0 ? html`<p><strong>Not in this file:</strong></p><ul>${incident.leftOut.map((what) => html`<li>${what}</li>`)}</ul>` : ""}
<h2>Wrong when it was saved: ${incident.findings.length}</h2>
${incident.findings.length === 0 ? html`<p>Nothing.</p>` : html`<table>${incident.findings.map(finding)}</table>`}
<h2>What admins did</h2>
<table>${foldLedger(incident.ledger).toReversed().map(story)}</table>
<p class="quiet">${proof(incident)}</p>
<h2>What happened</h2>
<table>${rowsOf(incident, nameOf).map((row) => event(row, nameOf))}</table>
<h2>What the agents said: ${incident.conversations.length} attempts</h2>
${incident.conversations.map((said) => conversation(said, nameOf))}
<script type="application/json" id="incident">${embedded({ ...incident, proof: undefined })}</script>
</body></html>`;
	return String(page);
}

const proof = ({ proof }: Incident) =>
	proof === null
		? "The ledger's export could not be read: this file proves nothing about it."
		: html`<a download="ledger.jsonl" href="data:application/jsonl,${encodeURIComponent(proof)}">The whole ledger</a> stands in this file; saved, it is verified offline by <code>npm run verify-ledger</code>.`;

/** Housekeeping is in the JSON only. */
function rowsOf({ changes }: Incident, nameOf: NameOf): EventRow[] {
	return eventReader(nameOf)(changes).filter(({ quiet }) => !quiet);
}

const finding = ({ severity, since, sentence, measured, recovers }: Incident["findings"][number]) =>
	html`<tr><td>${severity}</td><td>${sentence}<br><span class="quiet">since ${utc(since)} · ${[...measured, recovers.text].join(" · ")}</span></td></tr>`;

const story = (told: ReturnType<typeof foldLedger>[number]) =>
	html`<tr><td>${clock(told.at)}</td><td>${told.admin?.name ?? ""}</td><td>${storyTitle(told)}</td><td>${storyLook(told).word}</td><td>${told.intent?.reason ?? ""}</td></tr>`;

const event = (row: EventRow, nameOf: NameOf) =>
	html`<tr><td>${clock(row.at)}</td><td>${row.name}</td><td>${row.words}</td><td class="quiet">${causeWords(row.cause, nameOf)}</td></tr>`;

function conversation({ attempt, events, hidden }: Incident["conversations"][number], nameOf: NameOf) {
	const { agent_id, bead_id, n, outcome } = attempt;
	return html`<details><summary>${nameOf(agent_id) ?? agent_id} on ${nameOf(bead_id) ?? bead_id}, attempt ${n}, ${outcome}${hidden ? ", texts hidden" : ""}</summary>
<table>${saidLines(events).map(({ at, who, outcome, text }) => html`<tr><td>${at === null ? "" : clock(at)}</td><td>${who}${outcome ? html`<br><span class="quiet">${outcome}</span>` : ""}</td><td><pre>${text}</pre></td></tr>`)}</table></details>`;
}
