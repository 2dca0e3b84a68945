import { MagnifyingGlassIcon } from "@phosphor-icons/react/MagnifyingGlass";
import { useQuery } from "@tanstack/react-query";
import type { Viewer } from "../../shared/protocol/index.ts";
import { lookupOf, timeOf } from "../../shared/town-view/index.ts";
import { removedOf } from "../agent/removed.ts";
import { InForceCount } from "../ledger/in-force-list.tsx";
import type { TownState } from "../live/town-state.ts";
import { CopyLink } from "../routes/copy-link.tsx";
import { TopBar } from "../routes/top-bar.tsx";
import { containerLook, Duration, lightLook, look, nothingRuns, plural, Status } from "../ui/index.ts";
import { ownerRead } from "../user/reads.ts";
import { initials } from "./gutter.tsx";
import { counts } from "./marks.ts";
import { useOpenTown } from "./open-town.ts";
import { usePalette } from "./palette-state.ts";
import { TownMenu } from "./town-menu.tsx";
import { PHONE, useMedia } from "./use-media.ts";
import { useNames } from "./use-names.ts";

/** The top bar of a town: which, whose, how it stands, who else is here, and why it was opened. */
export function TownBar({ identity, connection }: Pick<TownState, "identity" | "connection">) {
	const { name } = useOpenTown();
	const owner = identity?.town;
	const { data: ownerName } = useQuery(ownerRead(owner?.owner_type === "user" ? owner.owner_id : null));
	const crumbs = owner
		? [
				owner.owner_type === "user"
					? { label: ownerName ?? owner.owner_id, to: `/users/${encodeURIComponent(owner.owner_id)}` }
					: { label: `organisation ${owner.owner_id}` },
				{ label: name },
			]
		: [{ label: name }];
	return (
		<TopBar crumbs={crumbs} tools={connection.is === "refused" ? null : <Tools />}>
			<Summary connection={connection} />
		</TopBar>
	);
}

/** Why it was opened, who else is here, and what can be done from anywhere. */
function Tools() {
	const { reason, viewers, me } = useOpenTown();
	const nameOf = useNames();
	const setOpen = usePalette((palette) => palette.setOpen);
	// A person with three tabs is here once.
	const mine = viewers.find((viewer) => viewer.id === me)?.admin;
	const others = [
		...Map.groupBy(
			viewers.filter((viewer) => viewer.id !== me),
			({ admin }) => admin,
		).values(),
	];
	return (
		<>
			<span className="max-w-40 truncate text-tone-quiet max-lg:hidden" title={`Opened for: ${reason}`}>
				{reason}
			</span>
			{others.length > 0 ? (
				<ul aria-label="Also here" className="flex gap-1 max-md:hidden">
					{others.slice(0, 4).map((tabs) => (
						<li
							key={tabs[0]?.admin}
							title={hereWords(tabs, tabs[0]?.admin === mine, nameOf)}
							className="rounded-sm border border-tone-human px-1 font-medium text-tone-human text-xs leading-5"
						>
							{initials(tabs[0]?.name ?? "")}
							{tabs.length > 1 ? ` ${tabs.length}` : ""}
						</li>
					))}
					{others.length > 4 ? (
						<li className="text-tone-human text-xs leading-5">+{others.length - 4}</li>
					) : null}
				</ul>
			) : null}
			<InForceCount />
			<TownMenu />
			<span className="max-xl:hidden">
				<CopyLink />
			</span>
			<button
				type="button"
				aria-label="Find or do"
				onClick={() => setOpen(true)}
				className="h-7 shrink-0 rounded-sm border border-kumo-hairline px-2 text-tone-quiet text-xs hover:bg-kumo-tint max-md:size-11 max-md:border-transparent max-md:text-base"
			>
				<span className="max-md:hidden">Find or do </span>
				<kbd className="max-md:hidden">Ctrl K</kbd>
				<MagnifyingGlassIcon size={16} weight="bold" aria-hidden className="mx-auto md:hidden" />
			</button>
		</>
	);
}

/** Who is here, in how many tabs, and looks at what. */
function hereWords(tabs: readonly Viewer[], me: boolean, nameOf: (id: string) => string | null): string {
	const looks = tabs.flatMap(({ focus }) => (focus ? (nameOf(focus.split(":")[1] ?? "") ?? []) : []));
	const name = me ? "You, in another tab," : (tabs[0]?.name ?? "Somebody");
	const many = tabs.length > 1 ? `, ${tabs.length} tabs` : "";
	return `${name} ${me ? "are" : "is"} here${many}${looks.length > 0 ? `, looking at ${[...new Set(looks)].join(", ")}` : ""}`;
}

/** Worst findings, container, agents, beads; when blind only that, and what it was. */
function Summary({ connection }: Pick<TownState, "connection">) {
	const { diagnosis, view } = useOpenTown();
	const { critical, warning } = counts(diagnosis);
	const phone = useMedia(PHONE);
	const was =
		critical > 0 ? `${critical} critical` : warning > 0 ? plural(warning, "warning") : diagnosis.light;
	if (connection.is === "refused" || view.position === null) return null;
	if (connection.is === "blind") return <Status look={look("unseen", `Blind, was ${was}`, "warn")} />;
	const lookup = lookupOf(view);
	const container = lookup.town("container");
	const since = timeOf(container?.since);
	// Who was taken out of the town is no dead agent of it.
	const agents = [...view.tables.agent_metadata.values()].filter(
		(agent) => removedOf(agent, view.tables.beads.get(agent.bead_id)) === null,
	);
	const of = (status: string) => agents.filter((agent) => agent.status === status).length;
	// Both counted as the user page counts them: no dead agent, no message.
	const beads = [...view.tables.beads.values()].filter(
		(bead) => bead.type !== "agent" && bead.type !== "message",
	);
	const unfinished = beads.filter((bead) => bead.status !== "closed" && bead.status !== "failed").length;
	const working = beads.filter((bead) => bead.status === "in_progress").length;
	return (
		<>
			{critical > 0 ? (
				<Status
					look={look("failed", phone ? `${critical}` : `${critical} critical`, "bad")}
					className="shrink-0"
				/>
			) : null}
			{warning > 0 ? (
				<Status
					look={look("warning", phone ? `${warning}` : plural(warning, "warning"), "warn")}
					className="shrink-0"
				/>
			) : null}
			{critical + warning === 0 ? <Status look={lightLook(diagnosis.light)} className="shrink-0" /> : null}
			<span className="flex shrink-0 items-center gap-1.5 max-md:hidden">
				<span className="text-tone-quiet">Container</span>
				<Status look={containerLook(container, lookup.town("run_policy")?.policy === "paused_by_user")} />
				{since === null ? null : <Duration since={since} className="text-tone-quiet" />}
			</span>
			<span className="inline-flex shrink-0 gap-x-1 whitespace-nowrap max-lg:hidden">
				<span className="text-tone-quiet">Agents</span> {of("working")} of {agents.length - of("dead")}{" "}
				{nothingRuns({ look: lookup }) && of("working") > 0 ? "were working" : "working"}
				{of("stalled") > 0 ? `, ${of("stalled")} stalled` : ""}
				{of("dead") > 0 ? `, ${of("dead")} dead` : ""}
			</span>
			<span className="whitespace-nowrap max-[1535px]:hidden">
				<span className="text-tone-quiet">Beads</span> {unfinished} unfinished · {working} in progress
			</span>
		</>
	);
}
