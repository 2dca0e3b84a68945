import { useMemo, useState, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";
import { type Column, LiveTable, look, Status } from "../../../web/ui/index.ts";
import "../../../web/styles.css";

/** A list of 1,000 rows that the test changes from outside: `window.change(n)` re-sorts, removes, adds and edits. */
type Item = { key: string; title: string; rank: number; edits: number };

const STEP = 1_103_515_245;
let seed = 42;
const random = (n: number): number => {
	seed = (Math.imul(seed, STEP) + 12_345) >>> 0;
	return Math.floor((seed / 2 ** 32) * n);
};

let items: readonly Item[] = Array.from({ length: 1_000 }, (_, i) => ({
	key: `row-${i}`,
	title: `Bead ${i}`,
	rank: i,
	edits: 0,
}));
let made = items.length;
const listeners = new Set<() => void>();

const changeOne = (): void => {
	const at = random(items.length);
	const item = items[at] as Item;
	const kind = random(4);
	if (kind === 0) items = items.with(at, { ...item, rank: random(made) });
	else if (kind === 1) items = items.toSpliced(at, 1);
	else if (kind === 2)
		items = [...items, { key: `row-${made++}`, title: `Bead ${made}`, rank: random(made), edits: 0 }];
	else items = items.with(at, { ...item, edits: item.edits + 1 });
};

const harness = {
	change(n: number) {
		for (let i = 0; i < n; i++) changeOne();
		for (const listener of listeners) listener();
	},
	/** The row goes, as when it fits a filter no more. */
	remove(key: string) {
		items = items.filter((item) => item.key !== key);
		for (const listener of listeners) listener();
	},
	keys: () => [...items].sort((a, b) => a.rank - b.rank).map((item) => item.key),
};
Object.assign(window, { harness });

const COLUMNS: Column<Item>[] = [
	{
		id: "status",
		head: "Status",
		width: "120px",
		cell: () => <Status look={look("open", "Open", "quiet")} />,
	},
	{
		id: "title",
		head: "Title",
		width: "minmax(0,1fr)",
		cell: (item) => item.title,
		value: (item) => item.title,
	},
	{
		id: "edits",
		head: "Edits",
		width: "80px",
		align: "right",
		cell: (item) => item.edits,
		value: (item) => item.edits,
	},
];
const keyOf = (item: Item): string => item.key;

function Page() {
	const now = useSyncExternalStore(
		(listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		() => items,
	);
	const rows = useMemo(() => [...now].sort((a, b) => a.rank - b.rank), [now]);
	const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
	const [open, setOpen] = useState<string | null>(null);
	return (
		<main className="flex h-[600px] w-[900px] flex-col">
			<LiveTable
				label="Beads"
				rows={rows}
				keyOf={keyOf}
				columns={COLUMNS}
				selected={selected}
				onSelect={setSelected}
				open={open}
				onOpen={setOpen}
			/>
			<button type="button">After</button>
		</main>
	);
}

createRoot(document.getElementById("root") as HTMLElement).render(<Page />);
