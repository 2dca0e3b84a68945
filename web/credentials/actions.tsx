import type { ActionTarget } from "../town/action-state.ts";
import { useAct } from "../town/use-act.ts";
import { ActionButton } from "../ui/index.ts";

export type Offered = { name: string; params?: Record<string, unknown>; label: string };

/** Buttons of what can be done to a credential or a setting, beside it; each says why where it cannot. */
export function Actions({ target, offered }: { target: ActionTarget; offered: readonly Offered[] }) {
	const { consider, press } = useAct();
	return (
		<span className="flex flex-wrap gap-2">
			{offered.map(({ name, params, label }) => {
				const considered = consider(name, target, params, null);
				// What is still to be filled in decides nothing yet.
				const reason = considered?.missing && considered.verdict.ok ? null : considered?.reason;
				return considered ? (
					<ActionButton
						key={label}
						label={label}
						danger={considered.danger}
						reason={reason ?? null}
						onPress={() => press(considered)}
					/>
				) : null;
			})}
		</span>
	);
}
