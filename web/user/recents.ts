import { z } from "zod";
import { personalStore } from "../settings/person.ts";

type Recent = { kind: "user" | "town"; id: string; name: string };
type Recents = { list: readonly Recent[]; visit(recent: Recent): void };

const KEPT = 8;

const recent = z.object({ kind: z.enum(["user", "town"]), id: z.string(), name: z.string() });

/** The users and towns last looked at in this browser, newest first. */
export const useRecents = personalStore<Recents>(
	"recents",
	z.object({ list: z.array(recent) }),
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
);
