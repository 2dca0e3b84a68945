import { DropdownMenu } from "@cloudflare/kumo/components/dropdown";
import { CaretDownIcon } from "@phosphor-icons/react/CaretDown";
import type { Column } from "../ui/live-table/types.ts";
import { useColumnSettings } from "./columns.ts";

type Props<Row> = {
	list: "beads" | "agents";
	all: readonly Column<Row>[];
	/** The column that names the row: it cannot be put away. */
	name: string;
};

/** Which columns a list shows where it has room for all of them. */
export function ColumnsMenu<Row>({ list, all, name }: Props<Row>) {
	const away = useColumnSettings((settings) => settings.away[list]) ?? [];
	const turn = useColumnSettings((settings) => settings.turn);
	return (
		<DropdownMenu>
			<DropdownMenu.Trigger
				render={
					<button
						type="button"
						aria-label={`Columns of ${list}`}
						className="inline-flex h-6.5 shrink-0 items-center gap-1 rounded-sm border border-kumo-line px-2 hover:bg-kumo-tint"
					>
						Columns
						<CaretDownIcon size={12} weight="bold" aria-hidden />
					</button>
				}
			/>
			<DropdownMenu.Content align="end">
				{all
					.filter(({ id }) => id !== name)
					.map(({ id, head }) => (
						<DropdownMenu.CheckboxItem
							key={id}
							checked={!away.includes(id)}
							onCheckedChange={() => turn(list, id)}
						>
							{head === "$" ? "Cost ($)" : head}
						</DropdownMenu.CheckboxItem>
					))}
			</DropdownMenu.Content>
		</DropdownMenu>
	);
}
