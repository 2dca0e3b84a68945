import { knownDollars } from "../ui/format/number.ts";
import { Ago, Duration, Id, Money, Status } from "../ui/index.ts";
import type { Column } from "../ui/live-table/types.ts";
import type { BeadRow } from "./bead-rows.ts";
import { TitleFirst } from "./title-first.tsx";

export type BeadColumn =
	| "status"
	| "title"
	| "type"
	| "priority"
	| "rig"
	| "assignee"
	| "since"
	| "changed"
	| "cost";

/** Types whose words say what they are: an issue, and a review with its own statuses. */
const USUAL = new Set(["issue", "merge_request"]);

const none = <span className="text-tone-quiet">none</span>;

const COLUMNS: Record<BeadColumn, Column<BeadRow>> = {
	status: {
		id: "status",
		head: "Status",
		width: "132px",
		sortable: true,
		cell: ({ look }) => <Status look={look} />,
		value: ({ look }) => look.word,
		title: ({ look }) => look.word,
	},
	title: {
		id: "title",
		head: "Title",
		width: "minmax(0, 1fr)",
		sortable: true,
		cell: ({ bead, odd }) => (
			<TitleFirst title={bead.title}>
				<Id id={bead.bead_id} label="bead id" tabbable={false} />
				{USUAL.has(bead.type) ? null : (
					<span className="text-tone-quiet text-xs">{bead.type.replaceAll("_", " ")}</span>
				)}
				{odd ? <span className="text-tone-warn text-xs">? unknown values</span> : null}
			</TitleFirst>
		),
		value: ({ bead }) => bead.title,
		title: ({ bead }) => bead.title,
	},
	type: {
		id: "type",
		head: "Type",
		width: "96px",
		sortable: true,
		cell: ({ bead }) => bead.type.replaceAll("_", " "),
	},
	priority: {
		id: "priority",
		head: "Priority",
		width: "72px",
		sortable: true,
		cell: ({ bead }) => bead.priority,
		value: ({ bead }) => bead.priority,
	},
	rig: { id: "rig", head: "Rig", width: "104px", sortable: true, cell: ({ rigName }) => rigName ?? none },
	assignee: {
		id: "assignee",
		head: "Assignee",
		width: "104px",
		sortable: true,
		cell: ({ assigneeName }) => assigneeName ?? none,
		value: ({ assigneeName }) => assigneeName ?? "none",
	},
	since: {
		id: "since",
		head: "In state",
		width: "84px",
		align: "right",
		sortable: true,
		cell: ({ since, sinceExact, bead }) =>
			since === null ? (
				<span className="text-tone-quiet">not seen</span>
			) : bead.status === "closed" ? (
				<Ago at={since} />
			) : (
				<span title={sinceExact ? undefined : "At least: since its last change"}>
					<Duration since={since} />
				</span>
			),
	},
	changed: {
		id: "changed",
		head: "Last change",
		width: "88px",
		align: "right",
		sortable: true,
		cell: ({ changedAt }) =>
			changedAt === null ? <span className="text-tone-quiet">not seen</span> : <Ago at={changedAt} />,
	},
	cost: {
		id: "cost",
		head: "$",
		width: "64px",
		align: "right",
		sortable: true,
		cell: ({ cost }) => (cost === null ? null : <Money dollars={cost} column />),
	},
};

/** Without type, and without id where the title says which it is: an id is dropped before it is cut (design-ui §2). */
const bare: Column<BeadRow> = {
	...COLUMNS.title,
	cell: ({ bead, twin }) => (
		<span className="flex min-w-0 items-baseline gap-2">
			<span className="truncate">{bead.title}</span>
			{twin ? (
				<span className="shrink-0 font-mono text-tone-quiet text-xs">{bead.bead_id.slice(0, 8)}</span>
			) : null}
		</span>
	),
};

/** On a phone: two lines, the title above its state and time. */
const twoLines: Column<BeadRow> = {
	id: "title",
	head: "Bead",
	width: "minmax(0, 1fr)",
	cell: ({ bead, look, since }) => (
		<span className="flex min-w-0 flex-col">
			<span className="truncate">{bead.title}</span>
			<span className="flex gap-2 text-xs">
				<Status look={look} />
				{since === null ? null : bead.status === "closed" ? (
					<Ago at={since} />
				) : (
					<Duration since={since} className="!min-w-0" />
				)}
			</span>
		</span>
	),
	value: ({ look }) => look.word,
};

/** Beside an inspector the title gets what the others do not need. */
const narrow = (column: Column<BeadRow>, width: string): Column<BeadRow> => ({ ...column, width });

const list = (...ids: BeadColumn[]) => ids.map((id) => COLUMNS[id]);

/** Columns by width (design-ui §2); each list is one object, so that rows are not rendered anew. */
export const BEAD_COLUMNS = {
	wide: list("status", "title", "rig", "priority", "assignee", "since", "changed", "cost"),
	beside: [
		narrow(COLUMNS.status, "112px"),
		bare,
		narrow(COLUMNS.assignee, "80px"),
		narrow(COLUMNS.since, "72px"),
	],
	narrow: [COLUMNS.status, bare, COLUMNS.since],
	phone: [twoLines],
};

const PRIORITY_ORDER = ["low", "medium", "high", "critical"];

/** What a column sorts by; equal values keep the order of newest change. */
export const BEAD_ORDER: Record<string, (row: BeadRow) => string | number> = {
	status: ({ look }) => look.word,
	title: ({ bead }) => bead.title.toLowerCase(),
	type: ({ bead }) => bead.type,
	priority: ({ bead }) => PRIORITY_ORDER.indexOf(bead.priority),
	rig: ({ rigName }) => rigName ?? "",
	assignee: ({ assigneeName }) => assigneeName ?? "",
	since: ({ since }) => since ?? 0,
	changed: ({ changedAt }) => changedAt ?? 0,
	cost: ({ cost }) => knownDollars(cost) ?? 0,
	created: ({ bead }) => bead.created_at,
};
