import { DropdownMenu } from "@cloudflare/kumo/components/dropdown";
import { CaretDownIcon } from "@phosphor-icons/react/CaretDown";
import { useEffect, useState } from "react";
import { copy } from "../ui/copy.ts";
import { fileName, saveFile } from "./save-file.ts";
import { csvOf, jsonOf, type Sheet } from "./sheet.ts";

/** How long the button says what came of it. */
const TOLD_MS = 2_000;

/** Saves or copies what a list shows, with its filter, all columns and rows that are scrolled away included. */
export function ExportMenu<Row>({ sheet }: { sheet: Sheet<Row> }) {
	const [told, setTold] = useState<string | null>(null);
	useEffect(() => {
		if (told === null) return;
		const timer = setTimeout(() => setTold(null), TOLD_MS);
		return () => clearTimeout(timer);
	}, [told]);
	const { of, town, at, rows } = sheet;
	const save = (extension: "csv" | "json") => {
		const [text, type] =
			extension === "csv"
				? [csvOf(sheet), "text/csv;charset=utf-8"]
				: [jsonOf(sheet, location.href), "application/json"];
		saveFile(fileName(of, town?.name ?? null, at, extension), text, type);
		setTold("Saved");
	};
	return (
		<DropdownMenu>
			<DropdownMenu.Trigger
				render={
					<button
						type="button"
						aria-label={`Export ${of}`}
						className="inline-flex h-6.5 shrink-0 items-center gap-1 rounded-sm border border-kumo-line px-2 font-normal text-sm hover:bg-kumo-tint max-md:h-11"
					>
						<span aria-live="polite">{told ?? "Export"}</span>
						<CaretDownIcon size={12} weight="bold" aria-hidden />
					</button>
				}
			/>
			<DropdownMenu.Content align="end">
				<div className="px-2 py-1.5 text-tone-quiet text-xs">
					{rows.length.toLocaleString("en-US")} as shown, every column
				</div>
				<DropdownMenu.Item onClick={() => save("csv")}>Save as CSV</DropdownMenu.Item>
				<DropdownMenu.Item onClick={() => save("json")}>Save as JSON</DropdownMenu.Item>
				<DropdownMenu.Item
					onClick={() =>
						void copy(jsonOf(sheet, location.href)).then((done) => setTold(done ? "Copied" : "Not copied"))
					}
				>
					Copy as JSON
				</DropdownMenu.Item>
			</DropdownMenu.Content>
		</DropdownMenu>
	);
}
