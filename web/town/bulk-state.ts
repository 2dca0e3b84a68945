import { create } from "zustand";
import { type BulkItem, type BulkKind, CATALOGUE, type Lookup } from "../../shared/interventions/index.ts";
import type { TownClient } from "../live/client.ts";
import { sendAll } from "./bulk-send.ts";

/** One of a selection as it was sent; `failed`: never reached the town. */
type Sent = BulkItem & { intervention: string; failed: string | null };

type Bulk = {
	/** What is asked for, in which town and on which kind of rows; null while nothing is. */
	asked: { name: string; town: string; kind: BulkKind; params: Record<string, unknown> } | null;
	reason: string;
	/** The selection's shared id, once confirmed. */
	id: string | null;
	sent: readonly Sent[];
	/** Not sent yet, and until when they wait, epoch milliseconds of this machine. */
	waiting: number;
	waitsUntil: number | null;
	stopped: boolean;
	ask(asked: NonNullable<Bulk["asked"]>, reason: string): void;
	setParams(params: Record<string, unknown>): void;
	setReason(reason: string): void;
	/** Stops what is not sent yet, and cancels what can be. */
	stop(client: TownClient): void;
	close(): void;
};

const NOTHING = { id: null, sent: [], waiting: 0, waitsUntil: null, stopped: false } as const;

/** An action on a selection of rows: asked for, sent one by one under a shared id, told one by one. */
export const useBulk = create<Bulk>()((set, get) => ({
	asked: null,
	reason: "",
	...NOTHING,
	ask: (asked, reason) => set({ asked, reason, ...NOTHING }),
	setParams: (params) => set(({ asked }) => ({ asked: asked && { ...asked, params } })),
	setReason: (reason) => set({ reason }),
	stop(client) {
		const { id } = get();
		set({ stopped: true, waiting: 0, waitsUntil: null });
		if (id) void client.cancel(id);
	},
	close: () => set({ asked: null, ...NOTHING }),
}));

/** Proposes it for each of these, as they stand now, each an entry of its own. */
export async function sendBulk(
	client: TownClient,
	items: readonly BulkItem[],
	{ look, wait_ms }: { look: () => Lookup; wait_ms: number },
): Promise<void> {
	const { asked, reason } = useBulk.getState();
	const entry = asked && CATALOGUE[asked.name];
	if (!entry) return;
	const id = crypto.randomUUID();
	const { params } = asked;
	const isMine = () => useBulk.getState().id === id;
	useBulk.setState({ ...NOTHING, id, waiting: items.length });
	await sendAll(
		items,
		async (item) => {
			const intervention = crypto.randomUUID();
			const result = await client.propose({
				...{
					intervention,
					name: asked.name,
					target: item.id,
					params,
					reason,
					finding: null,
					wait_ms,
					bulk: id,
				},
				saw: entry.saw(item.id, params, look()),
			});
			if (!isMine()) return;
			const failed = result.ok ? null : result.error.message;
			useBulk.setState(({ sent, waiting }) => ({
				sent: [...sent, { ...item, intervention, failed }],
				waiting: Math.max(0, waiting - 1),
			}));
			// What was proposed while the others were cancelled goes with them.
			if (useBulk.getState().stopped) void client.cancel(intervention);
		},
		{
			now: Date.now,
			pass: (ms) => new Promise((done) => setTimeout(done, ms)),
			stopped: () => !isMine() || useBulk.getState().stopped,
			waitsUntil: (at) => {
				if (isMine()) useBulk.setState({ waitsUntil: at });
			},
		},
	);
}
