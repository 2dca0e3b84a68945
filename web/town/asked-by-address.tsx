import { useEffect } from "react";
import { CATALOGUE } from "../../shared/interventions/index.ts";
import { useOpenTown } from "./open-town.ts";
import { useAct } from "./use-act.ts";

/**
 * Opens the sheet of an action on the town or its container that the address names, once the town is seen live, and takes it
 * out of the address. What would be done by one click is not: a link does nothing by itself.
 */
export function AskedByAddress({ name }: { name: string }) {
	const { id, connection, go } = useOpenTown();
	const { consider, press } = useAct();
	const live = connection.is === "live";
	// biome-ignore lint/correctness/useExhaustiveDependencies: once, when the town is first seen live
	useEffect(() => {
		if (!live) return;
		go({ do: undefined });
		const kind = CATALOGUE[name]?.target;
		if (kind !== "town" && kind !== "container") return;
		const considered = consider(name, { kind, id }, undefined, null);
		if (considered && considered.danger !== "safe") press(considered);
	}, [live, name]);
	return null;
}
