import { create } from "zustand";
import type { Finding, RemedyStep } from "../../shared/diagnosis/finding.ts";
import type { CatalogueEntry } from "../../shared/interventions/index.ts";

/** What an action is about to be done to. The container and the town go by the town's id, a mayor by its agent's. */
export type ActionTarget = { kind: CatalogueEntry["target"]; id: string };

export type Asked = {
	/** Name in the catalogue. */
	name: string;
	target: ActionTarget;
	params: Record<string, unknown>;
	/** The finding acted on, as evidence (LEDGER-6). */
	finding: Finding | null;
	/** All steps of a remedy, of which this is the first (LEDGER-9). */
	steps?: readonly RemedyStep[];
};

/** What was sent: its words and its undo are of the moment before it, since the state moves on. */
type Sent = {
	intervention: string;
	label: string;
	undo: { name: string; params: Record<string, unknown> } | null;
	/** Of a remedy: what its steps are called, and under which id each is done. */
	steps?: readonly { intervention: string; label: string }[];
};

export type Phase =
	| { is: "asking" }
	| ({ is: "sending" } & Sent)
	| ({ is: "sent" } & Sent)
	| ({ is: "failed"; message: string } & Sent);

type ActionState = {
	/** The sheet that stands open, at most one. */
	asked: Asked | null;
	/** What is typed of a secret; it leaves with the proposal and is forgotten (LEDGER-14). */
	secret: string;
	/** The finding's sentence and the case at first, then what the admin writes. */
	reason: string;
	phase: Phase;
	/** Its sheet is in sight. */
	docked: boolean;
	ask(asked: Asked, reason: string): void;
	setParams(params: Record<string, unknown>): void;
	setSecret(secret: string): void;
	setReason(reason: string): void;
	setPhase(phase: Phase): void;
	setDocked(docked: boolean): void;
	close(): void;
};

/** The action that is being asked for, sent, or has been told. */
export const useAction = create<ActionState>()((set) => ({
	asked: null,
	secret: "",
	reason: "",
	phase: { is: "asking" },
	docked: false,
	ask: (asked, reason) => set({ asked, reason, secret: "", phase: { is: "asking" } }),
	setParams: (params) => set(({ asked }) => ({ asked: asked && { ...asked, params } })),
	setSecret: (secret) => set({ secret }),
	setReason: (reason) => set({ reason }),
	setPhase: (phase) => set({ phase }),
	setDocked: (docked) => set({ docked }),
	close: () => set({ asked: null, secret: "", phase: { is: "asking" } }),
}));
