import type { ActionTarget } from "../town/action-state.ts";
import { useAct } from "../town/use-act.ts";
import { ActionButton } from "../ui/index.ts";

/** `chosen`: its parameters are chosen in its sheet, so that those it begins with decide nothing yet. */
type Offered = { name: string; params?: Record<string, unknown>; label: string; chosen?: boolean };

/** Buttons of what can be done to a credential or a setting, beside it; each says why where it cannot. */
export function Actions({ target, offered }: { target: ActionTarget; offered: readonly Offered[] }) {
	const { consider, press, blocked } = useAct();
	return (
		<span className="flex flex-wrap gap-2">
			{offered.map(({ name, params, label, chosen }) => {
				const considered = consider(name, target, params, null);
				return considered ? (
					<ActionButton
						key={label}
						label={label}
						danger={considered.danger}
						reason={chosen ? blocked : considered.reason}
						onPress={() => press(considered)}
					/>
				) : null;
			})}
		</span>
	);
}
