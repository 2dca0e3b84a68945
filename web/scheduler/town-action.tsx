import { useOpenTown } from "../town/open-town.ts";
import { useAct } from "../town/use-act.ts";
import { ActionButton } from "../ui/index.ts";

type Props = { name: string; params?: Record<string, unknown> };

/** One thing that can be done to the town or its container, beside what it mends. */
export function TownAction({ name, params }: Props) {
	const { id } = useOpenTown();
	const { consider, press } = useAct();
	const kind = name.startsWith("container.") ? "container" : "town";
	const considered = consider(name, { kind, id }, params, null);
	return considered ? (
		<ActionButton
			label={considered.label}
			danger={considered.danger}
			reason={considered.reason}
			onPress={() => press(considered)}
		/>
	) : null;
}
