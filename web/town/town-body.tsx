import { useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { AgentInspector } from "../agent/agent-inspector.tsx";
import { BeadInspector } from "../bead/bead-inspector.tsx";
import { CredentialsTab } from "../credentials/credentials-tab.tsx";
import type { ConnectionView } from "../live/connection-view.ts";
import { MayorTab } from "../mayor/mayor-tab.tsx";
import { parseOpen } from "../routes/address.ts";
import { SchedulerTab } from "../scheduler/scheduler-tab.tsx";
import { leaveTab } from "../settings/tab-memory.ts";
import { SpendTab } from "../spend/spend-tab.tsx";
import { ActionDock } from "./action-dock.tsx";
import { AgentsTab } from "./agents-tab.tsx";
import { AttentionPanel } from "./attention-panel.tsx";
import { ContainerTab } from "./container-tab.tsx";
import { ConvoysTab } from "./convoys-tab.tsx";
import { EventsTab } from "./events-tab.tsx";
import { FindBox } from "./find-box.tsx";
import { InterventionsTab } from "./interventions-tab.tsx";
import { useOpenTown } from "./open-town.ts";
import { PhoneView } from "./phone-view.tsx";
import { RailStrip } from "./rail-strip.tsx";
import { parseRange } from "./reproduce/range.ts";
import { Reproduction } from "./reproduce/reproduction.tsx";
import { ReviewTab } from "./review-tab.tsx";
import { StateTab } from "./state-tab.tsx";
import { TownTabs } from "./town-tabs.tsx";
import { NARROW, PHONE, useMedia } from "./use-media.ts";
import { useTownKeys } from "./use-town-keys.ts";

/** Attention, tabs and inspector beside each other; on narrow screens over each other, on a phone one after the other. */
export function TownBody({ connection }: { connection: ConnectionView }) {
	const { tab } = useParams({ from: "/towns/$id/$tab" });
	const search = useSearch({ from: "/towns/$id/$tab" });
	const town = useOpenTown();
	const narrow = useMedia(NARROW);
	const phone = useMedia(PHONE);
	const [view, setView] = useState<"attention" | "tab">("attention");
	useTownKeys();
	useEffect(() => leaveTab(town.id, tab, search), [town.id, tab, search]);
	const open = parseOpen(search.open);
	const range = parseRange(search.mark);
	const wide = search.wide === "1" || narrow;
	const blind = connection.is === "blind";
	const inspector = open ? (
		open.kind === "bead" ? (
			<BeadInspector
				key={open.id}
				id={open.id}
				replay={open.replay ?? null}
				wide={wide}
				onWide={toggleWide}
				onClose={close}
			/>
		) : (
			<AgentInspector
				key={open.id}
				id={open.id}
				raw={open.raw}
				part={open.part ?? null}
				wide={wide}
				onWide={toggleWide}
				onClose={close}
			/>
		)
	) : null;
	function toggleWide() {
		town.go({ wide: search.wide === "1" ? undefined : "1" });
	}
	function close() {
		town.open(null);
	}
	// A choice of tab by key or link shows that tab on a phone too.
	const [first, setFirst] = useState(tab);
	useEffect(() => {
		if (first !== tab) {
			setFirst(tab);
			setView("tab");
		}
	}, [first, tab]);
	if (phone && inspector) return <div className="relative flex min-h-0 flex-1">{inspector}</div>;
	const content = (
		<main className="flex min-h-0 min-w-0 flex-1 flex-col bg-kumo-base" aria-label="Town">
			{range ? <Reproduction key={range.from} range={range} /> : null}
			{tab === "state" ? <StateTab search={search} openKey={open?.kind === "bead" ? open.id : null} /> : null}
			{tab === "agents" ? (
				<AgentsTab search={search} openKey={open?.kind === "agent" ? open.id : null} />
			) : null}
			{tab === "review" ? <ReviewTab search={search} /> : null}
			{tab === "convoys" ? <ConvoysTab search={search} /> : null}
			{tab === "container" ? <ContainerTab /> : null}
			{tab === "credentials" ? <CredentialsTab /> : null}
			{tab === "mayor" ? <MayorTab inspected={open?.kind === "agent" ? open.id : null} /> : null}
			{tab === "scheduler" ? <SchedulerTab /> : null}
			{tab === "spend" ? <SpendTab /> : null}
			{tab === "events" ? <EventsTab search={search} /> : null}
			{tab === "interventions" ? <InterventionsTab search={search} /> : null}
			{tab === "container" ? <ActionDock kind="container" id={town.id} /> : null}
			<ActionDock kind="town" id={town.id} />
		</main>
	);
	if (phone)
		return (
			<div className="flex min-h-0 flex-1 flex-col">
				<PhoneView tab={tab} view={view} onView={setView} blind={blind} />
				{view === "attention" ? <AttentionPanel phone /> : content}
			</div>
		);
	return (
		<div className="flex min-h-0 flex-1 flex-col">
			<div className="flex h-9 shrink-0 items-center border-b border-kumo-hairline bg-kumo-base pr-3">
				<TownTabs tab={tab} blind={blind} />
				<FindBox />
			</div>
			<div className="relative flex min-h-0 flex-1">
				{narrow ? <RailStrip /> : <AttentionPanel />}
				{inspector && wide ? inspector : content}
				{inspector && !wide ? inspector : null}
			</div>
		</div>
	);
}
