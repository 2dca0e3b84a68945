import { useQuery } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import { agentName, lookupOf } from "../../shared/town-view/index.ts";
import { ownerRead } from "../user/reads.ts";
import type { NameOf } from "./changes/values.ts";
import { useOpenTown } from "./open-town.ts";

/** Names of beads, agents, rigs, the owner and admins by id. One function for as long as the page stands: what it answers may change. */
export function useNames(): NameOf {
	const town = useOpenTown();
	const owner = lookupOf(town.view).town("town");
	const { data: ownerName } = useQuery(ownerRead(owner?.owner_type === "user" ? owner.owner_id : null));
	const latest = useRef({ town, owner, ownerName });
	latest.current = { town, owner, ownerName };
	return useCallback((id: string) => {
		const { view, ledger, viewers } = latest.current.town;
		const bead = view.tables.beads.get(id)?.title;
		if (bead) return bead;
		if (view.tables.agent_metadata.has(id)) return agentName(view, id);
		const rig = view.tables.rigs.get(id)?.name;
		if (rig) return rig;
		if (id === latest.current.owner?.owner_id && latest.current.ownerName) return latest.current.ownerName;
		const admin = ledger.find((entry) => entry.admin?.id === id)?.admin;
		return admin?.name ?? viewers.find((viewer) => viewer.id === id)?.name ?? null;
	}, []);
}
