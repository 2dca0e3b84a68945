import { TooltipProvider } from "@cloudflare/kumo/components/tooltip";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useRef } from "react";
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
	const key = caseKey(me?.id ?? "", id);
	// Asked when a town is opened: a page that stands open when the day is over goes on.
	const opened = useRef<{ key: string; words: string } | null>(null);
	if (opened.current?.key !== key) {
		const words = caseGiven(given, key, Date.now());
		opened.current = words === null ? null : { key, words };
	}
	if (!me) return null;
	if (opened.current === null)
		return <AskCase town={id} last={last} onGiven={(said) => give(key, said, Date.now())} />;
	return <LiveTown key={key} id={id} reason={opened.current.words} />;
}

function LiveTown({ id, reason }: { id: string; reason: string }) {
	const client = useClient(id, reason);
	return client ? <TownPage client={client} reason={reason} /> : null;
}
