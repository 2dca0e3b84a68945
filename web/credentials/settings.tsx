import type { Rig } from "../../shared/gastown/index.ts";
import { ownValue } from "../../shared/interventions/config.ts";
import { LISTED_SETTINGS, type ListedSetting } from "../../shared/interventions/listed-settings.ts";
import { lookupOf } from "../../shared/town-view/index.ts";
import { useOpenTown } from "../town/open-town.ts";
import { Empty } from "../ui/index.ts";
import { Actions } from "./actions.tsx";
import { type Effective, effectiveValue } from "./effective.ts";

/** Every listed setting with the value that holds for the town and each rig, where it comes from, and when a change takes effect. */
export function Settings({ rigs }: { rigs: readonly Rig[] }) {
	const { view } = useOpenTown();
	if (!lookupOf(view).town("config")) return <Empty title="The town has not told of its configuration." />;
	return (
		<div className="relative overflow-x-auto">
			<table className="w-full max-w-5xl max-md:block" aria-label="Settings">
				<thead className="max-md:sr-only">
					<tr className="text-left text-tone-quiet text-xs">
						<th scope="col" className="pr-4 font-medium">
							Setting
						</th>
						<th scope="col" className="pr-4 font-medium">
							Town
						</th>
						{rigs.map(({ id, name }) => (
							<th key={id} scope="col" className="pr-4 font-medium">
								Rig {name}
							</th>
						))}
						<th scope="col" className="pr-4 font-medium max-md:hidden">
							A change takes effect
						</th>
						<th scope="col">
							<span className="sr-only">Change</span>
						</th>
					</tr>
				</thead>
				<tbody className="max-md:block">
					{LISTED_SETTINGS.map((setting) => (
						<Row key={setting.key} setting={setting} rigs={rigs} />
					))}
				</tbody>
			</table>
		</div>
	);
}

function Row({ setting, rigs }: { setting: ListedSetting; rigs: readonly Rig[] }) {
	const { id, view } = useOpenTown();
	const look = lookupOf(view);
	return (
		<tr className="h-8 border-kumo-hairline border-b max-md:block max-md:h-auto max-md:py-2">
			<th
				scope="row"
				className="whitespace-nowrap pr-4 text-left font-normal max-md:block max-md:font-medium"
			>
				{setting.label}
			</th>
			<Value of={effectiveValue(setting, null, look)} whose="Town" />
			{rigs.map((rig) => (
				<Value key={rig.id} of={effectiveValue(setting, rig.id, look)} whose={`Rig ${rig.name}`} />
			))}
			<td className="pr-4 text-tone-quiet text-xs max-md:hidden">{setting.takesEffect}</td>
			<td className="max-md:block max-md:pt-1">
				<Actions
					target={{ kind: "town", id }}
					offered={[
						{
							name: "config.set",
							params: { rig: null, key: setting.key, value: draftOf(ownValue(setting, null, look)) },
							label: "Change",
							chosen: true,
						},
					]}
				/>
			</td>
		</tr>
	);
}

const draftOf = (value: unknown) => (["string", "number", "boolean"].includes(typeof value) ? value : null);

/** On a phone each value says whose it is. */
const Value = ({ of: { words, from }, whose }: { of: Effective; whose: string }) => (
	<td
		data-of={whose}
		className="whitespace-nowrap pr-4 max-md:block max-md:before:mr-2 max-md:before:text-tone-quiet max-md:before:content-[attr(data-of)]"
	>
		{words} <span className="text-tone-quiet text-xs">{from}</span>
	</td>
);
