import { DropdownMenu } from "@cloudflare/kumo/components/dropdown";
import { CaretDownIcon } from "@phosphor-icons/react/CaretDown";
import { BEAD_PRIORITIES } from "../../shared/gastown/index.ts";
import { rowsOf } from "../../shared/town-view/index.ts";
import { ActionButton } from "../ui/index.ts";
import { markKey, useOpenTown } from "./open-town.ts";
import { type Considered, useAct } from "./use-act.ts";

type Props = { kind: "bead" | "agent"; id: string };

/** The actions of what is open; disabled ones stay visible and say why. */
export function ActionBar({ kind, id }: Props) {
	const { consider, press } = useAct();
	const { view, marks } = useOpenTown();
	const finding = marks.get(markKey(kind, id)) ?? null;
	const of = (name: string, params: Record<string, unknown> = {}) =>
		consider(name, { kind, id }, params, finding);
	const hooked = rowsOf<"agent_metadata">(view.tables.agent_metadata, view.indexes.agentsByHook.get(id));
	const actions: (Considered | null)[] =
		kind === "agent"
			? [of("agent.reset"), of("agent.unhook")]
			: [
					...hooked.map((agent) =>
						consider("agent.reset", { kind: "agent", id: agent.bead_id }, {}, finding),
					),
					of("bead.reassign", { agent: null }),
					of("bead.close"),
					of("bead.fail"),
					of("bead.reopen"),
				];
	return (
		<div className="flex flex-wrap items-center gap-2 px-4 py-2" data-actions={kind}>
			{actions.map((considered) =>
				considered ? (
					<ActionButton
						key={`${considered.asked.name} ${considered.asked.target.id}`}
						label={shortLabel(considered)}
						danger={considered.danger}
						reason={considered.reason}
						onPress={() => press(considered)}
					/>
				) : null,
			)}
			{kind === "bead" ? <PriorityMenu id={id} /> : null}
		</div>
	);
}

const SHORT: Record<string, string> = {
	"bead.reassign": "Reassign",
	"bead.close": "Close bead",
	"bead.fail": "Fail bead",
	"bead.reopen": "Reopen bead",
	"agent.unhook": "Take off its bead",
};

/** In its own inspector the object of a button is what is open; elsewhere the label names it. */
function shortLabel({ asked, label }: Considered): string {
	return SHORT[asked.name] ?? label;
}

function PriorityMenu({ id }: { id: string }) {
	const { consider, press } = useAct();
	return (
		<DropdownMenu>
			<DropdownMenu.Trigger
				render={
					<button
						type="button"
						className="inline-flex h-6.5 items-center gap-1 rounded-md border border-kumo-line px-2 text-xs hover:bg-kumo-tint max-md:h-11"
					>
						Priority
						<CaretDownIcon size={12} weight="bold" aria-hidden />
					</button>
				}
			/>
			<DropdownMenu.Content>
				{BEAD_PRIORITIES.map((priority) => {
					const considered = consider("bead.priority", { kind: "bead", id }, { priority }, null);
					if (!considered) return null;
					return (
						<DropdownMenu.Item
							key={priority}
							aria-disabled={considered.reason === null ? undefined : true}
							onClick={() => {
								if (considered.reason === null) press(considered);
							}}
						>
							<span className="flex flex-col">
								<span className={considered.reason === null ? "" : "text-tone-quiet"}>{priority}</span>
								{considered.reason === null ? null : (
									<span className="text-tone-quiet text-xs">{considered.reason}</span>
								)}
							</span>
						</DropdownMenu.Item>
					);
				})}
			</DropdownMenu.Content>
		</DropdownMenu>
	);
}
