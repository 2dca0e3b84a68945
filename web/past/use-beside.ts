import { useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useStore } from "zustand";
import { lookupOf, type TownView } from "../../shared/town-view/index.ts";
import { useOpenTown } from "../town/open-town.ts";
import type { Sight } from "../ui/index.ts";

/** Rows of now by their key, while the past is compared with it; undefined else. */
export function useBeside<Row extends { key: string }>(
	rowsOf: (view: TownView, sight: Sight) => Row[],
): ((key: string) => Row | null) | undefined {
	const { client, past } = useOpenTown();
	const compares = useSearch({ from: "/towns/$id/$tab" }).with === "now" && past?.is === "there";
	const versions = useStore(client.store, (state) => (compares ? state.versions : null));
	const view = useStore(client.store, (state) => state.view);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place; its versions tell
	return useMemo(() => {
		if (!compares) return undefined;
		const sight: Sight = { look: lookupOf(view), now: client.now(), heartbeatAt: () => null };
		const rows = new Map(rowsOf(view, sight).map((row) => [row.key, row]));
		return (key: string) => rows.get(key) ?? null;
	}, [compares, view, versions, rowsOf, client]);
}
