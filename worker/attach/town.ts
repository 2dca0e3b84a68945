import { type Table, TOWN_TABLES } from "../../shared/gastown/index.ts";
import type { Order, Receipt } from "../../shared/interventions/index.ts";
import type { Position, Question } from "../../shared/protocol/index.ts";
import type { Checked, Page, QueryAnswer, Refusal, TownDescription, TownRpc } from "../rpc.ts";
import { createReceipts, receiptsAfter } from "../town/interventions/receipts.ts";
import { queryTown } from "../town/query.ts";
import { Attached, type Kept } from "./attached.ts";
import { besideHost, type HostClass, type HostOf, refuseSameNames } from "./host-class.ts";
import { type Handlers, HostOrders } from "./orders.ts";

/** What the console asks of a town that it does not run itself. */
export type AttachedTownRpc = Pick<
	TownRpc,
	| "describe" | "page" | "query" | "rows" | "checkIntervention" | "applyIntervention" | "settleIntervention" | "receipts" | "ownsAgent"
>; // biome-ignore format: a list

export type TownOptions<H> = {
	/** Name and owner, as the console shows them; null where there is no such town. */
	describe(host: H, id: string): TownDescription | null | Promise<TownDescription | null>;
	/** What is shown, of what is there: Gastown's own tables and columns where nothing else is said. Columns that are not described stay unseen. */
	tables?: Readonly<Record<string, Table>>;
	/** Columns of these tables that show only whether they hold something (FEED-6). */
	masks?: Readonly<Record<string, readonly string[]>>;
	/** Keys of the key-value store to be shown as rows of `town_state`. */
	kept?: Readonly<Record<string, Kept>>;
	/** By name of the catalogue; what has no handler is refused in words. */
	interventions?: Handlers<H>;
	/** Epoch milliseconds. */
	clock?: () => number;
};

/**
 * A TownDO that can be watched and mended, made of one that knows nothing of it (FEED-10). No write site changes: the host's SQL is
 * told as it runs. Its alarm, its routes, its sockets and its auto-response stay its own.
 * @example
 * export const TownDO = liveTown(GastownTownDO, {
 * 	describe: async (town, id) => ({ id, ...(await nameAndOwnerOf(town)) }),
 * 	interventions: { "bead.priority": (town, { target, params }) => setPriority(town.sql, target, params.priority) },
 * });
 */
export function liveTown<C extends HostClass>(
	Host: C,
	options: TownOptions<HostOf<C>>,
): C & (new (...args: ConstructorParameters<C>) => HostOf<C> & AttachedTownRpc) {
	const { describe, kept = {}, interventions = {}, clock = Date.now } = options;
	const tables = masked(options.tables ?? TOWN_TABLES, options.masks ?? {});

	const { Base, of } = besideHost(Host, (ctx) => new Attached({ ctx, tables, kept, clock }));

	class LiveTown extends Base implements AttachedTownRpc {
		readonly #orders: HostOrders<HostOf<C>>;

		constructor(ctx: DurableObjectState, env: unknown) {
			super(ctx, env);
			this.#orders = new HostOrders({
				...{ host: this as unknown as HostOf<C>, attached: of(ctx), handlers: interventions, clock },
				waitUntil: (work) => ctx.waitUntil(work),
			});
		}

		async describe(): Promise<TownDescription | null> {
			return describe(this as unknown as HostOf<C>, this.ctx.id.name ?? this.ctx.id.toString());
		}

		async page(cursor: Position, bytes: number): Promise<Page> {
			return of(this.ctx).live.page(cursor, bytes);
		}

		async query(question: Question): Promise<QueryAnswer | Refusal> {
			return queryTown(of(this.ctx).live, question);
		}

		async rows(keys: { entity: string; key: string }[]): Promise<(Record<string, unknown> | null)[]> {
			return keys.map(({ entity, key }) => of(this.ctx).live.row(entity, key));
		}

		async checkIntervention(order: Pick<Order, "name" | "target" | "params">): Promise<Checked> {
			return this.#orders.consider(order);
		}

		async applyIntervention(order: Order): Promise<Receipt> {
			return this.#orders.apply(order);
		}

		async settleIntervention(id: string): Promise<Receipt> {
			return this.#orders.settle(id);
		}

		async receipts(id: string, limit: number): Promise<{ id: string; body: string }[]> {
			const { plain } = of(this.ctx);
			createReceipts(plain);
			return receiptsAfter(plain, id, limit);
		}

		/** Also one that was deleted, as long as the log knows of it. */
		async ownsAgent(agentId: string): Promise<boolean> {
			const { live, plain } = of(this.ctx);
			if (live.row("agent_metadata", agentId)) return true;
			const known = "SELECT 1 FROM change_log WHERE entity = 'agent_metadata' AND key = ? LIMIT 1";
			return plain.one(known, agentId) !== null;
		}
	}

	refuseSameNames(Host, LiveTown);
	return LiveTown as never;
}

function masked(
	tables: Readonly<Record<string, Table>>,
	masks: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, Table>> {
	return Object.fromEntries(
		Object.entries(tables).map(([name, table]) => {
			const hidden = new Set(masks[name]);
			const columns = Object.entries(table.columns).map(([column, described]) => [
				column,
				hidden.has(column) ? { ...described, secret: true, json: false } : described,
			]);
			return [name, { ...table, columns: Object.fromEntries(columns) }];
		}),
	);
}
