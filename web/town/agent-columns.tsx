import { knownDollars } from "../ui/format/number.ts";
import { Ago, count, Duration, Id, Money, Status } from "../ui/index.ts";
import type { Column } from "../ui/live-table/types.ts";
import type { AgentRow } from "./agent-rows.ts";
import { TitleFirst } from "./title-first.tsx";

const none = <span className="text-tone-quiet">none</span>;
const notSeen = <span className="text-tone-quiet">not seen</span>;

const name: Column<AgentRow> = {
	id: "name",
	head: "Name",
	width: "minmax(116px, 0.8fr)",
	sortable: true,
	cell: (row) => (
		<TitleFirst title={row.name} strong>
			<Id id={row.key} label="agent id" tabbable={false} />
		</TitleFirst>
	),
	title: (row) => row.name,
};
/** Beside an inspector: without the id. */
const bareName: Column<AgentRow> = {
	...name,
	width: "104px",
	cell: (row) => <span className="block truncate font-medium">{row.name}</span>,
};
const role: Column<AgentRow> = {
	id: "role",
	head: "Role",
	width: "64px",
	sortable: true,
	cell: ({ agent }) => agent.role,
};
const status: Column<AgentRow> = {
	id: "status",
	head: "Status",
	width: "148px",
	sortable: true,
	cell: ({ look }) => <Status look={look} />,
	// "Silent 16m" counts on by itself: only another state flashes.
	value: ({ look }) => `${look.sign} ${look.word.replace(/ \d.*$/, "")}`,
	title: ({ look }) => look.word,
};
const since: Column<AgentRow> = {
	id: "since",
	head: "Since",
	width: "64px",
	align: "right",
	sortable: true,
	cell: (row) => (row.since === null ? notSeen : <Duration since={row.since} />),
};
const bead: Column<AgentRow> = {
	id: "bead",
	head: "Bead",
	width: "minmax(100px, 1fr)",
	sortable: true,
	cell: (row) => row.beadTitle ?? none,
	value: (row) => row.beadId,
	title: (row) => row.beadTitle ?? "none",
};
const tool: Column<AgentRow> = {
	id: "tool",
	head: "Tool",
	width: "60px",
	cell: (row) => row.tool ?? none,
	value: (row) => row.tool,
};
const attempts: Column<AgentRow> = {
	id: "attempts",
	head: "Attempts",
	width: "60px",
	align: "right",
	// Where Gastown counts on over several beads there is no "of".
	cell: ({ agent: { dispatch_attempts: n }, maxAttempts }) =>
		n > maxAttempts ? count(n) : `${n} of ${maxAttempts}`,
	value: ({ agent }) => agent.dispatch_attempts,
};
const event: Column<AgentRow> = {
	id: "event",
	head: "Last event",
	width: "76px",
	align: "right",
	sortable: true,
	cell: (row) => (row.eventAt === null ? none : <Ago at={row.eventAt} />),
};
const heartbeat: Column<AgentRow> = {
	id: "heartbeat",
	head: "Heartbeat",
	width: "76px",
	align: "right",
	sortable: true,
	cell: (row) => (row.heardAt === null ? notSeen : <Ago at={row.heardAt} />),
};
const cost: Column<AgentRow> = {
	id: "cost",
	head: "$",
	width: "52px",
	align: "right",
	sortable: true,
	cell: (row) => (row.cost === null ? null : <Money dollars={row.cost} column />),
};

/** On a phone: two lines, the name above its state and time. */
const twoLines: Column<AgentRow> = {
	id: "name",
	head: "Agent",
	width: "minmax(0, 1fr)",
	cell: (row) => (
		<span className="flex min-w-0 flex-col">
			<span className="truncate">
				<span className="font-medium">{row.name}</span> {row.beadTitle ?? ""}
			</span>
			<span className="flex gap-2 text-xs">
				<Status look={row.look} />
				{row.since === null ? null : <Duration since={row.since} className="!min-w-0" />}
			</span>
		</span>
	),
	value: status.value,
};

export const AGENT_COLUMNS = {
	wide: [name, role, status, since, bead, tool, attempts, event, heartbeat, cost],
	beside: [bareName, status, since, bead],
	narrow: [bareName, status, since],
	phone: [twoLines],
};

export const AGENT_ORDER: Record<string, (row: AgentRow) => string | number> = {
	working: ({ agent }) => Number(agent.status === "working" || agent.status === "stalled"),
	name: (row) => row.name.toLowerCase(),
	role: ({ agent }) => agent.role,
	status: ({ look }) => look.word,
	since: (row) => row.since ?? 0,
	bead: (row) => row.beadTitle ?? "",
	event: (row) => row.eventAt ?? 0,
	heartbeat: (row) => row.heardAt ?? 0,
	cost: (row) => knownDollars(row.cost) ?? 0,
};
