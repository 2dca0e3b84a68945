import { BEAD_PRIORITIES } from "../../shared/gastown/index.ts";
import { ActionMenu } from "./action-menu.tsx";
import { useAct } from "./use-act.ts";

/** Safe: one press sets it, and the toast undoes it. */
export function PriorityMenu({ id }: { id: string }) {
	const { consider } = useAct();
	const items = BEAD_PRIORITIES.flatMap((priority) => {
		const considered = consider("bead.priority", { kind: "bead", id }, { priority }, null);
		return considered ? [{ label: priority, considered }] : [];
	});
	return <ActionMenu label="Priority" items={items} />;
}
