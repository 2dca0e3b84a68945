import { useQuery } from "@tanstack/react-query";
import { SAVE_INCIDENT } from "../incident/save-incident.tsx";
import { platformRead } from "../user/reads.ts";
import { ActionMenu } from "./action-menu.tsx";
import { useOpenTown } from "./open-town.ts";
import { useAct } from "./use-act.ts";

const NAMES = [
	"town.pause-dispatch",
	"town.resume-dispatch",
	"town.clear-drain",
	"town.reset-breaker",
	"town.rearm-alarm",
];

/** What can be done to the town as a whole, and where the platform tells more of it. */
export function TownMenu() {
	const { consider } = useAct();
	const { id, go } = useOpenTown();
	const { data: links = [] } = useQuery(platformRead(id));
	const items = NAMES.flatMap((name) => {
		const considered = consider(name, { kind: "town", id }, undefined, null);
		return considered ? [{ label: considered.label, considered }] : [];
	});
	const more = [{ label: "Save incident…", run: () => go({ do: SAVE_INCIDENT }, false) }];
	return <ActionMenu label="Town" items={items} more={more} links={links} />;
}
