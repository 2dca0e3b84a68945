import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";

type Recent = { kind: "user" | "town"; id: string; name: string };
type Recents = { list: readonly Recent[]; visit(recent: Recent): void };

const KEPT = 8;

/** The users and towns last looked at in this browser, newest first. */
export const useRecents = create<Recents>()(
	persist(
		(set) => ({
			list: [],
			visit: (recent) =>
				set(({ list }) => ({
					list: [recent, ...list.filter(({ kind, id }) => kind !== recent.kind || id !== recent.id)].slice(
						0,
						KEPT,
					),
				})),
		}),
		{ name: "townwatch.recents", storage: createJSONStorage(() => localStorage) },
	),
);
