import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";

type Recent = { kind: "user" | "town"; id: string; name: string };
type Recents = { list: readonly Recent[]; visit(recent: Recent): void };

const KEPT = 8;

/** The users and towns last looked at in this browser, newest first. */
export const useRecents = create<Recents>()(
	persist(
		(set, get) => ({
			list: [],
			visit: (recent) => {
				const { list } = get();
				const isSame = ({ kind, id }: Recent) => kind === recent.kind && id === recent.id;
				const [newest] = list;
				// Every change is written to the storage of all tabs.
				if (newest && isSame(newest) && newest.name === recent.name) return;
				set({ list: [recent, ...list.filter((one) => !isSame(one))].slice(0, KEPT) });
			},
		}),
		{ name: "townwatch.recents", storage: createJSONStorage(() => localStorage) },
	),
);
