import { createContext, useContext } from "react";
import type { Diagnosis, Finding } from "../../shared/diagnosis/finding.ts";
import type { Batch, LedgerEntry, Pulse, Question, RowsAnswer, Viewer } from "../../shared/protocol/index.ts";
import type { TownView } from "../../shared/town-view/index.ts";
import type { TownClient } from "../live/client.ts";
import type { ConnectionView } from "../live/connection-view.ts";
import type { AgentBeat } from "../live/town-state.ts";
import type { Past } from "../past/use-past.ts";
import type { Open, TownSearch, TownTab } from "../routes/address.ts";
import type { Sight } from "../ui/index.ts";

/** A question with its defaults left out. */
export type Asked = Partial<Question> & Pick<Question, "kind">;

/** The town that is open, as of the newest painted frame. */
export type OpenTown = {
	id: string;
	name: string;
	client: TownClient;
	/** Changed in place; `version` rises with every painted change of it. */
	view: TownView;
	version: number;
	sight: Sight;
	diagnosis: Diagnosis;
	/** What is wrong now, whatever moment is shown. */
	live: Diagnosis;
	/** Worst finding by `kind:id` of its subject, consequences included. */
	marks: ReadonlyMap<string, Finding>;
	/** How well this page sees the town; what it may do depends on it. */
	connection: ConnectionView;
	/** Another moment than now that is shown: everything else here is as it was then. Null for now. */
	past: Past | null;
	/** Case or words that the town was opened with. */
	reason: string;
	/** Newest heartbeat and sample of each agent, and of the container; live only. */
	beats: ReadonlyMap<string, AgentBeat>;
	container: Pulse["container"];
	/** When the scheduler last looked, and looks next; null before it was told. */
	looks: Pulse["scheduler"];
	/** Batches that came live since the page was opened, oldest first, bounded. */
	batches: readonly Batch[];
	ledger: readonly LedgerEntry[];
	viewers: readonly Viewer[];
	/** Id of this page among the viewers. */
	me: string | null;
	/** Answers a question over the socket; rejects with an Error for people. */
	ask(question: Asked): Promise<RowsAnswer>;
	/** Changes the search part of the address (P7). */
	go(search: Partial<TownSearch>, replace?: boolean): void;
	open(open: Open | null, wide?: boolean): void;
	/** Another tab; what is open stays open. */
	toTab(tab: TownTab, search?: Partial<TownSearch>): void;
	/** Address of this town with something open, for links. */
	hrefOf(open: Open): string;
};

export const OpenTownContext = createContext<OpenTown | null>(null);

export function useOpenTown(): OpenTown {
	const town = useContext(OpenTownContext);
	if (!town) throw new Error("useOpenTown outside of a town page");
	return town;
}

export const markKey = (kind: string, id: string): string => `${kind}:${id}`;
