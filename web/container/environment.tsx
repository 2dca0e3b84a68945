import { lookupOf } from "../../shared/town-view/index.ts";
import { Actions } from "../credentials/actions.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { Empty } from "../ui/index.ts";

/** Which configuration the container has, and the names of the variables that its agents get; values never come here (FEED-6). */
export function Environment() {
	const { id, view } = useOpenTown();
	const look = lookupOf(view);
	const config = look.town("config");
	if (!config) return <Empty title="The town has not told of its configuration." />;
	const version = look.town("container")?.config_version ?? null;
	const set = config.env_vars;
	const names = set && typeof set === "object" ? Object.keys(set).sort() : null;
	return (
		<dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1">
			<dt className="text-tone-quiet">Version in the container</dt>
			<dd className="font-mono text-xs leading-5">{version ?? "not told"}</dd>
			<dt className="text-tone-quiet">Version of the town</dt>
			<dd className="font-mono text-xs leading-5">{look.town("environment")?.version ?? "none was made"}</dd>
			<dt className="text-tone-quiet">Variables</dt>
			<dd className="break-words">
				{names === null
					? typeof set === "string"
						? "set; their names are masked"
						: "none"
					: names.length === 0
						? "none"
						: names.map((name) => (
								<code key={name} className="mr-3 text-xs">
									{name}
								</code>
							))}
			</dd>
			<dt className="text-tone-quiet">Change</dt>
			<dd className="flex flex-wrap gap-2">
				<Actions
					target={{ kind: "town", id }}
					offered={[
						{ name: "config.set-env", label: "Set a variable", chosen: true },
						...(names ?? []).map((name) => ({
							name: "config.set-env",
							params: { name, unset: true },
							label: `Unset ${name}`,
						})),
					]}
				/>
				<Actions
					target={{ kind: "container", id }}
					offered={[{ name: "container.sync-config", label: "Sync to the container" }]}
				/>
			</dd>
		</dl>
	);
}
