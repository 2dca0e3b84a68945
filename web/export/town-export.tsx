import { useOpenTown } from "../town/open-town.ts";
import { ExportMenu } from "./export-menu.tsx";
import type { Sheet } from "./sheet.ts";

/** The export of a list of the town that is open, of the moment that is shown. */
export function TownExport<Row>({
	filter = "",
	...list
}: Pick<Sheet<Row>, "of" | "columns" | "rows"> & { filter?: string }) {
	const { id, name, sight } = useOpenTown();
	return <ExportMenu sheet={{ ...list, filter, town: { id, name }, at: sight.now }} />;
}
