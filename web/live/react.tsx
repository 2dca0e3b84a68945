import {
	createContext,
	type ReactNode,
	useContext,
	useEffect,
	useMemo,
	useState,
	useSyncExternalStore,
} from "react";
import { useStore } from "zustand";
import type { TownEntity } from "../../shared/gastown/index.ts";
import type { TownView } from "../../shared/town-view/index.ts";
import { ClockProvider } from "../ui/clock.tsx";
import { browserSchedule } from "./browser.ts";
import { createTownClient, type TownClient } from "./client.ts";
import { fetchTicket } from "./fetch-ticket.ts";
import type { StreamState } from "./stream-store.ts";
import type { TownState } from "./town-state.ts";

const TownContext = createContext<TownClient | null>(null);

/**
 * Opens a town for everything inside and closes it when it goes. `reason` is the case or a few words (LEDGER-11). Inside,
 * `useNow` and all ages run by the town's clock.
 */
export function TownProvider(props: { townId: string; reason: string; children: ReactNode }) {
	const { townId, reason } = props;
	const [client, setClient] = useState<TownClient | null>(null);
	useEffect(() => {
		const made = createTownClient({
			townId,
			reason,
			fetchTicket: () => fetchTicket(townId),
			schedule: browserSchedule,
		});
		setClient(made);
		return () => made.close();
	}, [townId, reason]);
	if (client === null || client.townId !== townId) return null;
	return (
		<TownContext value={client}>
			<ClockProvider clock={client.now}>{props.children}</ClockProvider>
		</TownContext>
	);
}

/** For tests and for harnesses: a client that somebody else made. */
export const TownClientProvider = ({ client, children }: { client: TownClient; children: ReactNode }) => (
	<TownContext value={client}>
		<ClockProvider clock={client.now}>{children}</ClockProvider>
	</TownContext>
);

/** The client of the town that this is inside of. */
export function useTownClient(): TownClient {
	const client = useContext(TownContext);
	if (!client) throw new Error("Used outside of a TownProvider");
	return client;
}

/** A part of the town's state. The selector gives something that keeps its identity while it does not change. */
export function useTown<T>(select: (state: TownState) => T): T {
	return useStore(useTownClient().store, select);
}

/**
 * Something worked out of the view, anew only when one of the entities that it reads has changed, or `select` itself:
 * `useView(["beads"], useCallback((view) => beadRows(view), []))`. The view is changed in place: do not keep it.
 */
export function useView<T>(entities: readonly TownEntity[], select: (view: TownView) => T): T {
	const { store } = useTownClient();
	const stamp = () => {
		const { versions, view } = store.getState();
		return `${view.position?.epoch ?? ""} ${entities.map((entity) => versions[entity]).join(" ")}`;
	};
	const now = useSyncExternalStore(store.subscribe, stamp);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the stamp stands for the view, which is changed in place
	return useMemo(() => select(store.getState().view), [store, now, select]);
}

/** Follows an agent's stream while it is shown. The state is a new object at most once a frame. */
export function useStream(agent: string): StreamState {
	const client = useTownClient();
	useEffect(() => client.follow(agent), [client, agent]);
	return useStore(client.stream(agent));
}
