import { useNavigate, useRouter } from "@tanstack/react-router";
import { type ReactNode, useCallback, useMemo } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { question } from "../../shared/protocol/up/query.ts";
import { lookupOf } from "../../shared/town-view/index.ts";
import type { TownClient } from "../live/client.ts";
import { formatOpen, type Open, type TownSearch, type TownTab } from "../routes/address.ts";
import { ClockProvider, useNow } from "../ui/index.ts";
import { marksOf } from "./marks.ts";
import { type Asked, type OpenTown, OpenTownContext } from "./open-town.ts";
import { useDiagnosis } from "./use-diagnosis.ts";

type Props = { client: TownClient; reason: string; tab: TownTab; children: ReactNode };

/** Gives everything inside the town as of the newest frame, and the town's clock. */
export function OpenTownProvider(props: Props) {
	return (
		<ClockProvider clock={props.client.now}>
			<Provided {...props} />
		</ClockProvider>
	);
}

function Provided({ client, reason, tab, children }: Props) {
	// Only what the tabs show: figures and the connection change far more often.
	const state = useStore(
		client.store,
		useShallow(({ view, versions, beats, container, looks, pulseAt, batches, ledger, viewers, identity, connection }) => ({
			view, versions, beats, container, looks, pulseAt, batches, ledger, viewers, identity, connection,
		})), // biome-ignore format: a list
	);
	const now = useNow();
	const diagnosis = useDiagnosis(client);
	const navigate = useNavigate();
	const { buildLocation } = useRouter();
	const { view, versions, beats, identity } = state;
	const version = useMemo(() => Object.values(versions).reduce((sum, n) => sum + n, 0), [versions]);
	const sight = useMemo(
		() => ({ look: lookupOf(view), now, heartbeatAt: (id: string) => beats.get(id)?.heartbeat_at ?? null }),
		[view, now, beats],
	);
	const marks = useMemo(() => marksOf(diagnosis), [diagnosis]);
	const ask = useCallback(
		async (asked: Asked) => {
			const result = await client.query(question.parse(asked));
			if (!result.ok) throw new Error(result.error.message);
			return { rows: result.rows, more: result.more };
		},
		[client],
	);
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
		(to: TownTab, search: Partial<TownSearch> = {}) =>
			void navigate({
				to: "/towns/$id/$tab",
				params: { id: client.townId, tab: to },
				search: ({ open: kept, wide, mark }: TownSearch) => ({ open: kept, wide, mark, ...search }),
			}),
		[navigate, client],
	);
	const hrefOf = useCallback(
		(what: Open) =>
			buildLocation({
				to: "/towns/$id/$tab",
				params: { id: client.townId, tab: what.kind === "bead" ? "state" : "agents" },
				search: { open: formatOpen(what) },
			}).href,
		[buildLocation, client],
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
			marks,
			connection: state.connection,
			reason,
			beats,
			container: state.container,
			looks: state.looks,
			batches: state.batches,
			ledger: state.ledger,
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
			marks,
			reason,
			beats,
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
