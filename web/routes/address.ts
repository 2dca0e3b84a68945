import { z } from "zod";

/** Tabs of a town page that are built; a tab that is not built is not shown. */
export const TOWN_TABS = [
	"state",
	"agents",
	"review",
	"convoys",
	"container",
	"credentials",
	"mayor",
	"scheduler",
	"spend",
	"events",
	"interventions",
] as const;
export type TownTab = (typeof TOWN_TABS)[number];

/**
 * What an inspector shows: `open=bead:{id}`, `open=bead:{id}:replay`, also at a moment in epoch milliseconds, `open=agent:{id}`,
 * `open=agent:{id}:raw` or another of its parts.
 */
export type Open =
	| { kind: "bead"; id: string; replay?: { at: number | null } }
	| { kind: "agent"; id: string; raw: boolean; part?: AgentPart };

/** Parts of an agent besides its conversation and its raw events. */
export const AGENT_PARTS = ["tools", "timeline", "attempts", "usage", "interventions"] as const;
export type AgentPart = (typeof AGENT_PARTS)[number];

/** Room for a thousand selected rows. */
const text = z.string().max(50_000).optional().catch(undefined);

/**
 * Search part of a town's address (P7). `q` is the filter; absent means the tab's own first filter, "" none at all.
 * `sort` is `column` or `-column`, `sel` keys joined by commas.
 */
export const townSearch = z.object({
	q: text,
	group: text,
	sort: text,
	sel: text,
	open: text,
	wide: z.literal("1").optional().catch(undefined),
	/** A reproduction: `seq` of its mark, `seq..seq` once it has ended. */
	mark: text,
	/** An action on the town or its container, or the saving of an incident, whose sheet is to stand open; it is asked for, never done, by an address. */
	do: text,
	/** Another moment than now: a change's seq, or a time in ISO 8601 (L9). */
	at: text,
	/** One of the eight complaints, by its number, whose causes stand in place of the attention list. */
	says: text,
	/** Beside another moment: what is otherwise now. */
	with: z.literal("now").optional().catch(undefined),
});
export type TownSearch = z.infer<typeof townSearch>;

export const usersSearch = z.object({ q: text });

/** Search part of `/ledger`: its filters, `visits` to see who only looked, `open` the entry that stands open. Times are ISO. */
export const ledgerSearch = z.object({
	q: text,
	admin: text,
	user: text,
	town: text,
	target: text,
	action: text,
	outcome: text,
	from: text,
	to: text,
	visits: z.literal("1").optional().catch(undefined),
	open: text,
});
export type LedgerSearch = z.infer<typeof ledgerSearch>;

/** Null for anything that is not the address of an inspector: a link of tomorrow never breaks today's page. */
export function parseOpen(open: string | undefined): Open | null {
	const match = /^(bead|agent):(.+)$/.exec(open ?? "");
	const id = match?.[2];
	if (!match || !id) return null;
	if (match[1] === "bead") {
		const replay = /^(.+):replay(?::(\d{1,15}))?$/.exec(id);
		if (!replay?.[1]) return { kind: "bead", id };
		return { kind: "bead", id: replay[1], replay: { at: replay[2] ? Number(replay[2]) : null } };
	}
	const part = AGENT_PARTS.find((one) => id.endsWith(`:${one}`) && id.length > one.length + 1);
	if (part) return { kind: "agent", id: id.slice(0, -part.length - 1), raw: false, part };
	return id.endsWith(":raw")
		? { kind: "agent", id: id.slice(0, -4), raw: true }
		: { kind: "agent", id, raw: false };
}

export function formatOpen(open: Open): string {
	if (open.kind === "agent") {
		const part = open.raw ? "raw" : open.part;
		return part ? `agent:${open.id}:${part}` : `agent:${open.id}`;
	}
	const { id, replay } = open;
	return replay ? `bead:${id}:replay${replay.at === null ? "" : `:${replay.at}`}` : `bead:${id}`;
}

export function parseSelection(sel: string | undefined): ReadonlySet<string> {
	return new Set((sel ?? "").split(",").filter(Boolean));
}

export function formatSelection(keys: Iterable<string>): string | undefined {
	return [...keys].join(",") || undefined;
}

/** Values stay strings and `:` and `,` stay readable, so that a person can read and mend a link. */
export function stringifySearch(search: Record<string, unknown>): string {
	const pairs = Object.entries(search).flatMap(([key, value]) =>
		value === undefined || value === null ? [] : [`${encodeURIComponent(key)}=${readable(String(value))}`],
	);
	return pairs.length > 0 ? `?${pairs.join("&")}` : "";
}

export function parseSearch(search: string): Record<string, string> {
	return Object.fromEntries(new URLSearchParams(search));
}

const readable = (value: string) => encodeURIComponent(value).replaceAll("%3A", ":").replaceAll("%2C", ",");
