import type { InForce } from "../../shared/gastown/index.ts";
import { inForceNow } from "../../shared/interventions/in-force.ts";
import { CATALOGUE } from "../../shared/interventions/index.ts";
import { lookupOf, timeOf } from "../../shared/town-view/index.ts";
import { useOpenTown } from "../town/open-town.ts";
import { useAct } from "../town/use-act.ts";
import { useNames } from "../town/use-names.ts";
import { ActionButton, Duration, duration, look, Status, useNow } from "../ui/index.ts";

/** What admins have set here that still holds (LEDGER-10), newest first. */
function useInForce(): InForce[] {
	const { view } = useOpenTown();
	const now = useNow();
	return inForceNow(lookupOf(view).town("in_force") ?? [], view.tables, now);
}

/** What is in force: what, on what, by whom, since when, until when, and the button that puts it back. `rail`: below the findings. */
export function InForceList({ rail = false }: { rail?: boolean }) {
	const list = useInForce();
	if (list.length === 0) return null;
	return (
		<section
			aria-label={rail ? "What admins have set" : "In force"}
			className={`border-kumo-hairline border-b py-2 ${rail ? "px-3" : "px-4"}`}
		>
			<h3 className={rail ? "font-medium text-tone-quiet" : "pb-1 font-semibold text-lg"}>
				In force{rail ? `, ${list.length}` : ""}
			</h3>
			<ul>
				{list.map((one) => (
					<InForceLine key={one.order} one={one} rail={rail} />
				))}
			</ul>
		</section>
	);
}

function InForceLine({ one, rail }: { one: InForce; rail: boolean }) {
	const { ledger, ...town } = useOpenTown();
	const { consider, press } = useAct();
	const nameOf = useNames();
	const now = useNow();
	const entry = CATALOGUE[one.name];
	const kind = entry?.target ?? "town";
	const ofTown = kind === "town" || kind === "container";
	const since = timeOf(one.since);
	const until = timeOf(one.until);
	const by = ledger.find(({ id }) => id === one.order)?.admin?.name ?? one.by;
	// A pause is lengthened by pausing once more.
	const renew = one.name.includes("pause")
		? consider(one.name, { kind, id: one.target }, undefined, null)
		: null;
	const undo = one.undo ? consider(one.undo.name, { kind, id: one.target }, one.undo.params, null) : null;
	return (
		<li
			data-in-force={one.name}
			className={`flex min-h-8 gap-x-3 gap-y-1 border-kumo-hairline border-b py-1 last:border-b-0 ${
				rail ? "flex-col items-start" : "flex-wrap items-center"
			}`}
		>
			<Status look={look("paused", one.label, "human")} />
			{ofTown ? null : (
				<span>{nameOf(one.target) ?? town.view.tables.rigs.get(one.target)?.name ?? one.target}</span>
			)}
			<span className="min-w-0 flex-1 text-tone-quiet">
				by {by}
				{since === null ? "" : " for "}
				{since === null ? null : <Duration since={since} className="!min-w-0" />}
				{until === null ? ", until it is put back" : `, ${duration(Math.max(0, until - now))} left`}
				{one.undo === null ? "; it cannot be put back" : ""}
			</span>
			{renew ? (
				<ActionButton
					label={renew.label}
					danger={renew.danger}
					reason={renew.reason}
					onPress={() => press(renew)}
				/>
			) : null}
			{undo ? (
				<ActionButton
					label={`Undo: ${undo.label}`}
					danger={undo.danger}
					reason={undo.reason}
					onPress={() => press(undo)}
				/>
			) : null}
		</li>
	);
}

/** How many there are, in the top bar: whoever comes to the town sees that somebody has changed how it works. */
export function InForceCount() {
	const list = useInForce();
	const { toTab } = useOpenTown();
	if (list.length === 0) return null;
	return (
		<button
			type="button"
			data-in-force-count={list.length}
			title={list.map(({ label }) => label).join(", ")}
			onClick={() => toTab("interventions")}
			className="shrink-0 rounded-sm border border-tone-human px-1.5 font-medium text-tone-human text-xs leading-5 hover:bg-kumo-tint max-md:h-11"
		>
			In force {list.length}
		</button>
	);
}
