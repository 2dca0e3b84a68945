import { Replay } from "../replay/replay.tsx";
import { ActionDock } from "../town/action-dock.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { SegmentedTabs } from "../town/segmented-tabs.tsx";
import { Inspector } from "../ui/index.ts";
import { BeadFacts } from "./bead-facts.tsx";
import { BeadHead } from "./bead-head.tsx";
import { GoneBead } from "./gone-bead.tsx";

type Props = {
	id: string;
	/** Set where the replay of its conversations is open, with its moment where the address has one. */
	replay: { at: number | null } | null;
	wide: boolean;
	onWide(): void;
	onClose(): void;
};

const PARTS = [
	{ value: "bead", label: "Bead" },
	{ value: "replay", label: "Replay" },
] as const;

/** Everything known of one bead, and the replay of its agents' conversations. Opens though the bead is gone. */
export function BeadInspector({ id, replay, wide, onWide, onClose }: Props) {
	const { view, open } = useOpenTown();
	const bead = view.tables.beads.get(id);
	const show = (part: "bead" | "replay") =>
		open(part === "replay" ? { kind: "bead", id, replay: { at: null } } : { kind: "bead", id });
	return (
		<Inspector
			title={bead?.title ?? "Bead"}
			id={id}
			wide={wide}
			onWide={onWide}
			onClose={onClose}
			footer={bead ? <ActionDock kind="bead" id={id} /> : undefined}
		>
			{bead ? <BeadHead bead={bead} /> : null}
			<div className="flex shrink-0 items-center border-y border-kumo-hairline px-4 py-1">
				<SegmentedTabs
					label="Parts of the bead"
					tabs={PARTS}
					value={replay ? "replay" : "bead"}
					onValue={show}
				/>
			</div>
			{replay ? (
				<Replay id={id} startAt={replay.at} wide={wide} />
			) : bead ? (
				<BeadFacts bead={bead} />
			) : (
				<GoneBead id={id} />
			)}
		</Inspector>
	);
}
