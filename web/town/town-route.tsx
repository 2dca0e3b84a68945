import { TooltipProvider } from "@cloudflare/kumo/components/tooltip";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { AdminOnly } from "../routes/sign-in.tsx";
import { meRead } from "../user/reads.ts";
import { AskCase } from "./ask-case.tsx";
import { caseGiven, caseKey, useCases } from "./case.ts";
import { TownPage } from "./town-page.tsx";
import { useClient } from "./use-client.ts";

/** What the router loads when a town is opened. */
export const TownPageRoute = () => (
	<AdminOnly>
		<TooltipProvider>
			<TownRoute />
		</TooltipProvider>
	</AdminOnly>
);

/** `/towns/$id/$tab`: asks why, once a day, then opens the town live. */
function TownRoute() {
	const { id } = useParams({ from: "/towns/$id/$tab" });
	const { data: me } = useQuery(meRead);
	const { given, last, give } = useCases();
	if (!me) return null;
	const key = caseKey(me.id, id);
	const words = caseGiven(given, key, Date.now());
	if (words === null)
		return <AskCase town={id} last={last} onGiven={(said) => give(key, said, Date.now())} />;
	return <LiveTown key={key} id={id} reason={words} />;
}

function LiveTown({ id, reason }: { id: string; reason: string }) {
	const client = useClient(id, reason);
	return client ? <TownPage client={client} reason={reason} /> : null;
}
