import { useEffect } from "react";
import type { Intention } from "../../shared/protocol/index.ts";
import type { Open } from "../routes/address.ts";
import { useAction } from "./action-state.ts";
import { useOpenTown } from "./open-town.ts";
import { useAct } from "./use-act.ts";

/** Tells the others what stands open here, and which sheet: so that two do not press at once (SESSION-7). */
export function useFocus(open: Open | null): void {
	const { client } = useOpenTown();
	const { consider, considerAll } = useAct();
	const asked = useAction(({ asked, phase }) => (phase.is === "asking" ? asked : null));
	const considered =
		asked &&
		(asked.steps
			? considerAll(asked.steps, asked.finding)
			: consider(asked.name, asked.target, asked.params, asked.finding));
	const focus = open ? `${open.kind}:${open.id}` : null;
	const name = asked?.name ?? null;
	const target = asked?.target.id ?? "";
	const label = considered?.label.slice(0, 200) ?? "";
	useEffect(() => {
		const intention: Intention | null = name === null ? null : { name, target, label };
		client.focus(focus, intention);
	}, [client, focus, name, target, label]);
}
