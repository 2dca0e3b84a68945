import { Button } from "@cloudflare/kumo/components/button";
import { useMemo } from "react";
import { BEAD_PRIORITIES } from "../../shared/gastown/index.ts";
import { BULK_VERBS, type BulkKind, CATALOGUE, sortOut } from "../../shared/interventions/index.ts";
import { foldLedger } from "../../shared/ledger/fold.ts";
import { storyLook, storyReason } from "../ledger/story-words.ts";
import { ActionSheet, type ActionTold, type Look, look, plural, Status, useWallNow } from "../ui/index.ts";
import { sendBulk, useBulk } from "./bulk-state.ts";
import { useCountdown } from "./countdown.ts";
import { useOpenTown } from "./open-town.ts";
import { SelectField } from "./select-field.tsx";
import { useAct } from "./use-act.ts";
import { dueOf, useSecondsLeft } from "./use-seconds-left.ts";

/** The sheet of an action on the selection: how many qualify, why the others do not, then one line for each. */
export function BulkDock({ kind, selected }: { kind: BulkKind; selected: ReadonlySet<string> }) {
	const { id: town, client, sight } = useOpenTown();
	const { asked, reason, id, waiting, setReason, setParams, stop, close } = useBulk();
	const { blocked } = useAct();
	const wait_ms = useCountdown(({ seconds }) => seconds) * 1_000;
	const told = useTold();
	const entry = asked?.kind === kind && asked.town === town ? CATALOGUE[asked.name] : undefined;
	if (!asked || !entry) return null;
	const { can, cannot, danger } = sortOut(entry, selected, asked.params, sight.look);
	const verb = BULK_VERBS[asked.name] ?? entry.title;
	return (
		<ActionSheet
			key={asked.name}
			label={`${verb} ${plural(id === null ? can.length : told.count, kind)}`}
			danger={danger}
			preview={{
				will: [
					`${plural(selected.size, kind)} selected: ${can.length} can be done, each with an entry of its own.`,
					...can.slice(0, SHOWN).map((one) => entry.label(one.id, asked.params, sight.look)),
					...(can.length > SHOWN ? [`and ${can.length - SHOWN} more`] : []),
				],
				wont: cannot.map(({ name, why }) => `${name}: ${why}`),
			}}
			verdict={
				can.length > 0
					? { ok: true }
					: { ok: false, kind: "refused", code: "none", message: "None of the selection can be done." }
			}
			blocked={blocked}
			reason={reason}
			onReason={setReason}
			typed={danger === "destructive" ? String(can.length) : undefined}
			params={
				asked.name === "bead.priority" ? (
					<SelectField
						label="Priority"
						value={String(asked.params.priority)}
						onValue={(priority) => setParams({ priority })}
					>
						{BEAD_PRIORITIES.map((one) => (
							<option key={one}>{one}</option>
						))}
					</SelectField>
				) : null
			}
			phase={id === null ? { is: "asking" } : { is: "told", told: told.told }}
			onConfirm={() => void sendBulk(client, can, { look: () => sight.look, wait_ms })}
			onCancel={() => stop(client)}
			// What is not sent yet is not forgotten in silence.
			onClose={() => (waiting > 0 ? stop(client) : close())}
			onLookAgain={() => {}}
		/>
	);
}

/** So many of a selection are named in its preview. */
const SHOWN = 4;

/** How each stands, by the ledger. */
function useTold(): { count: number; told: ActionTold } {
	const { client, ledger } = useOpenTown();
	const { sent, waiting, waitsUntil, stopped, stop } = useBulk();
	const stories = useMemo(() => {
		const ids = new Set(sent.map(({ intervention }) => intervention));
		return new Map(foldLedger(ledger.filter(({ id }) => ids.has(id))).map((story) => [story.id, story]));
	}, [sent, ledger]);
	const now = useWallNow();
	const due = sent.flatMap(({ intervention }) => dueOf(stories.get(intervention)) ?? []);
	const seconds = useSecondsLeft(due.length > 0 ? Math.min(...due) : null);
	const seen = sent.filter(({ intervention }) => SEEN.has(stories.get(intervention)?.state ?? "")).length;
	const count = sent.length + waiting;
	const steps = (
		<div className="flex flex-col gap-2">
			{seconds !== null || waiting > 0 ? (
				<p className="flex flex-wrap items-center gap-3" data-countdown={seconds ?? ""}>
					{seconds === null ? null : <span className="tabular-nums">The next in {seconds} s</span>}
					{waiting > 0 ? (
						<span>
							{waiting} to be proposed
							{waitsUntil === null ? "" : `, on in ${Math.max(0, Math.ceil((waitsUntil - now) / 1_000))} s`}
						</span>
					) : null}
					<Button size="base" variant="outline" data-cancel onClick={() => stop(client)}>
						Cancel those that wait
					</Button>
				</p>
			) : null}
			<ol aria-label="Outcomes" className="flex max-h-60 flex-col gap-1 overflow-y-auto">
				{sent.map(({ intervention, name, failed }) => {
					const story = stories.get(intervention);
					const reason = failed ?? (story && storyReason(story));
					return (
						<li key={intervention} className="flex flex-wrap gap-x-3" data-outcome={story?.state ?? "failed"}>
							<span>{name}</span>
							<Status look={story ? storyLook(story) : failed ? NOT_SENT : SENDING} />
							{reason ? <span className="text-tone-quiet">{reason}</span> : null}
						</li>
					);
				})}
			</ol>
		</div>
	);
	return {
		count,
		told: {
			...{
				look: wholeLook(seen, count, stopped),
				at: null,
				message: null,
				effects: [],
				seenAfter: null,
				steps,
			},
			...{ entry: null, undo: null, next: null, again: false },
		},
	};
}

const SEEN = new Set(["seen", "cleared", "noop"]);
const NOT_SENT = look("refused", "Not sent", "warn");
const SENDING = look("changing", "Sent", "active");

function wholeLook(seen: number, count: number, stopped: boolean): Look {
	const words = `${seen} of ${count} seen`;
	if (seen === count) return look("done", words, "good");
	return stopped
		? look("gone", `${words}, the rest was stopped`, "quiet")
		: look("underWay", words, "active");
}
