import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback, useMemo } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { lookupOf } from "../../shared/town-view/index.ts";
import type { TownClient } from "../live/client.ts";
import { askThen } from "../past/ask-then.ts";
import { stateThen } from "../past/state-then.ts";
import { type Past, usePast } from "../past/use-past.ts";
import { formatOpen, type Open, type TownSearch, type TownTab } from "../routes/address.ts";
import { keptOf, searchOfTab } from "../settings/tab-memory.ts";
import { ClockProvider, useNow } from "../ui/index.ts";
import { askOf } from "./ask-of.ts";
import { marksOf } from "./marks.ts";
import { type OpenTown, OpenTownContext } from "./open-town.ts";
import { useDiagnoses } from "./use-diagnosis.ts";

type Props = { client: TownClient; reason: string; tab: TownTab; children: ReactNode };

/** Gives everything inside the town as of the newest frame, and the town's clock. */
export function OpenTownProvider(props: Props) {
	const { client } = props;
	const { at } = useSearch({ from: "/towns/$id/$tab" });
	const ask = useMemo(() => askOf(client), [client]);
	const live = useStore(client.store, ({ connection }) => connection.is === "live");
	const past = usePast(client.townId, at, ask, live);
	const then = past?.is === "there" ? past.moment.at : null;
	// In the past no clock ticks (L9).
	const clock = useMemo(() => (then === null ? client.now : () => then), [client, then]);
	return (
		<ClockProvider clock={clock}>
			<Provided {...props} at={at} past={past} ask={ask} />
		</ClockProvider>
	);
}

type ProvidedProps = Props & { at: string | undefined; past: Past | null; ask: OpenTown["ask"] };

function Provided({ client, reason, tab, children, at, past, ask: askNow }: ProvidedProps) {
	const moment = past?.is === "there" ? past.moment : null;
	const then = useMemo(() => moment && stateThen(client.store.getState(), moment), [client, moment]);
	// Only what the tabs show: figures and the connection change far more often. Of the past nothing changes with the town.
	const state = useStore(
		client.store,
		useShallow(({ view, versions, beats, container, looks, pulseAt, batches, ledger, viewers, identity, connection }) => ({
			view, versions, beats, container, looks, pulseAt, batches, ledger, viewers, identity, connection, ...then,
		})), // biome-ignore format: a list
	);
	// Entries of before may still be read.
	const ledger = useMemo(
		() => (moment ? state.ledger.filter((entry) => entry.at <= moment.at) : state.ledger),
		[state.ledger, moment],
	);
	const time = useNow();
	const { diagnosis, live } = useDiagnoses(client, moment);
	const navigate = useNavigate();
	const { buildLocation } = useRouter();
	const { view, versions, beats, identity } = state;
	const version = useMemo(() => Object.values(versions).reduce((sum, n) => sum + n, 0), [versions]);
	const sight = useMemo(
		() => ({
			look: lookupOf(view),
			now: time,
			heartbeatAt: (id: string) => beats.get(id)?.heartbeat_at ?? null,
		}),
		[view, time, beats],
	);
	const marks = useMemo(() => marksOf(diagnosis), [diagnosis]);
	const ask = useMemo(() => (moment ? askThen(askNow, moment) : askNow), [askNow, moment]);
	const go = useCallback(
		(search: Partial<TownSearch>, replace = true) =>
			void navigate({
				to: "/towns/$id/$tab",
				params: { id: client.townId, tab },
				search: (before: TownSearch) => ({ ...before, ...search }),
				replace,
			}),
		[navigate, client, tab],
	);
	const open = useCallback(
		(what: Open | null, wide?: boolean) =>
			go(
				{
					open: what ? formatOpen(what) : undefined,
					...(wide ? { wide: "1" as const } : what ? {} : { wide: undefined }),
				},
				false,
			),
		[go],
	);
	const toTab = useCallback(
		(to: TownTab, search?: Partial<TownSearch>) =>
			void navigate({
				to: "/towns/$id/$tab",
				params: { id: client.townId, tab: to },
				// Who leads to something leads past any filter that was left there.
				search: (before: TownSearch) =>
					search ? { ...keptOf(before), ...search } : searchOfTab(client.townId, to, before),
			}),
		[navigate, client],
	);
	const hrefOf = useCallback(
		(what: Open) =>
			buildLocation({
				to: "/towns/$id/$tab",
				params: { id: client.townId, tab: what.kind === "bead" ? "state" : "agents" },
				search: { open: formatOpen(what), at },
			}).href,
		[buildLocation, client, at],
	);
	const town = useMemo<OpenTown>(
		() => ({
			id: client.townId,
			name: identity?.town.name ?? client.townId,
			client,
			view,
			version,
			sight,
			diagnosis,
			live,
			marks,
			connection: state.connection,
			past,
			reason,
			beats,
			container: state.container,
			looks: state.looks,
			batches: state.batches,
			ledger,
			viewers: state.viewers,
			me: identity?.viewer ?? null,
			ask,
			go,
			open,
			toTab,
			hrefOf,
		}),
		[
			client,
			identity,
			view,
			version,
			sight,
			diagnosis,
			live,
			marks,
			past,
			reason,
			beats,
			ledger,
			state,
			ask,
			go,
			open,
			toTab,
			hrefOf,
		],
	);
	return <OpenTownContext value={town}>{children}</OpenTownContext>;
}
