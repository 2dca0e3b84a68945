import { useParams, useSearch } from "@tanstack/react-router";
import { lazy, memo, Suspense, useEffect } from "react";
import { useStore } from "zustand";
import { agentName } from "../../shared/town-view/index.ts";
import { useGuide } from "../guide/guide.ts";
import { SAVE_INCIDENT, SaveIncident } from "../incident/save-incident.tsx";
import type { TownClient } from "../live/client.ts";
import type { ConnectionView } from "../live/connection-view.ts";
import { GoTo } from "../past/go-to.tsx";
import { PastBar } from "../past/past-bar.tsx";
import type { Past } from "../past/use-past.ts";
import { parseOpen } from "../routes/address.ts";
import { townTitle, useTitle } from "../routes/title.ts";
import { Announcer, clockTime, Empty, FeedGate, LiveBar, Loading } from "../ui/index.ts";
import { useRecents } from "../user/recents.ts";
import { Announcements } from "./announcements.tsx";
import { ArmedStrip } from "./armed-strip.tsx";
import { AskedByAddress } from "./asked-by-address.tsx";
import { counts } from "./marks.ts";
import { useOpenTown } from "./open-town.ts";
import { OpenTownProvider } from "./open-town-provider.tsx";
import { Palette } from "./palette.tsx";
import { MarkButton } from "./reproduce/mark-button.tsx";
import { TownBar } from "./town-bar.tsx";
import { TownBody } from "./town-body.tsx";
import { useFocus } from "./use-focus.ts";

/** A town watched live: bar, live bar, attention, tabs and inspector, all inside the gate of its feed. */
export function TownPage({ client, reason }: { client: TownClient; reason: string }) {
	const { tab } = useParams({ from: "/towns/$id/$tab" });
	return (
		<OpenTownProvider client={client} reason={reason} tab={tab}>
			<Page client={client} />
		</OpenTownProvider>
	);
}

// The page is rendered with every frame for its live bar; these only when what they show has changed.
const Bar = memo(TownBar);
const Body = memo(TownBody);
const Commands = memo(Palette);
/** Only who practises needs it. */
const Coach = lazy(() => import("../guide/coach.tsx"));

/** A moment of the past is seen as it was, whatever becomes of the connection. */
const LIVE: ConnectionView = { is: "live" };

/** A moment that is still read, or that cannot be shown: nothing of now stands in its place. */
const NotThere = ({ past }: { past: Past }) => (
	<div data-feed="past" className="flex min-h-0 flex-1 flex-col">
		{past.is === "failed" ? (
			<Empty title="That moment cannot be shown.">
				{past.message} Choose another one, or go back to live.
			</Empty>
		) : (
			<Loading />
		)}
	</div>
);

/** Considers the sheet that stands open with every change, apart from the page so that only it is rendered anew. */
function Focus({ open }: { open: string | undefined }) {
	useFocus(parseOpen(open));
	return null;
}

function Page({ client }: { client: TownClient }) {
	const state = useStore(client.store);
	const { id, name, view, diagnosis, past: shown } = useOpenTown();
	const { connection } = state;
	const search = useSearch({ from: "/towns/$id/$tab" });
	const refused = connection.is === "refused";
	const blind = connection.is === "blind" || refused;
	// Who is refused sees nothing, of the past neither.
	const past = refused ? null : shown;
	const sight = past ? LIVE : connection;
	const at = past?.is === "there" ? past.moment.at : null;
	const { title, favicon } = townTitle(name, {
		blind,
		past: past && (at === null ? "" : clockTime(at)),
		...counts(diagnosis),
	});
	useTitle(title, favicon);
	const guided = useGuide(({ running }) => running?.town === id);
	const visit = useRecents((recents) => recents.visit);
	const known = state.identity?.town.name;
	useEffect(() => {
		if (known) visit({ kind: "town", id, name: known });
	}, [known, id, visit]);
	return (
		<Announcer>
			<div className="flex h-full flex-col overflow-hidden">
				<Bar connection={sight} identity={state.identity} />
				{refused ? null : past ? (
					<PastBar past={past} />
				) : (
					<LiveBar state={state} nameOf={(agent) => agentName(view, agent)} onRetry={client.retry}>
						<GoTo label="Go back" />
						<MarkButton mark={search.mark} seq={state.figures.seq} />
					</LiveBar>
				)}
				{guided && !refused ? (
					<Suspense>
						<Coach />
					</Suspense>
				) : null}
				{past && past.is !== "there" ? (
					<NotThere past={past} />
				) : (
					<FeedGate view={sight} strip={false} onRetry={client.retry}>
						{/* What stood under the hand now does not stand there then. */}
						<Body key={past ? "past" : "live"} connection={sight} />
					</FeedGate>
				)}
				{past ? (
					<div aria-hidden className="pointer-events-none fixed inset-0 z-40 border-4 border-tone-past" />
				) : null}
				{refused ? null : <ArmedStrip />}
				{refused ? null : <Commands blind={blind && past === null} />}
				{past ? null : <Announcements />}
				<Focus open={search.open} />
				{search.do === SAVE_INCIDENT ? (
					<SaveIncident />
				) : search.do ? (
					<AskedByAddress name={search.do} />
				) : null}
			</div>
		</Announcer>
	);
}
