import type { RigSummary, TownSummary } from "../../shared/directory/index.ts";
import { timeOf as msOf } from "../../shared/town-view/readers.ts";
import { containerLook } from "../ui/status/container-look.ts";
import { lightLook } from "../ui/status/other-looks.ts";
import { type Look, look } from "../ui/status/signs.ts";
import { Status } from "../ui/status/status.tsx";
import { Ago } from "../ui/time.tsx";
import { ACTION, HostLink } from "./host-link.tsx";
import type { GastownPort } from "./port.ts";
import { RetryButton } from "./retry-button.tsx";

type Props = { town: TownSummary; port: GastownPort; again(): void };

const CELL = "px-2 py-2 align-top @max-[900px]:inline-block @max-[900px]:py-0.5 @max-[900px]:pl-0";
const NAMED =
	"@max-[900px]:before:mr-1.5 @max-[900px]:before:text-tone-quiet @max-[900px]:before:content-[attr(data-name)]";

/** One town: a row of the table, a block of lines where it is narrow; its rigs below. */
export function TownLine({ town, port, again }: Props) {
	const { summary } = town;
	const href = port.townHref(town.id);
	const seen = summary !== null;
	const active = msOf(summary?.last_activity_at);
	return (
		<>
			<tr className="border-t border-kumo-hairline @max-[900px]:block @max-[900px]:px-4 @max-[900px]:py-2">
				<td className={`${CELL} pl-4 @max-[900px]:mr-3`}>
					<HostLink href={href} port={port} className="font-medium text-tone-active hover:underline">
						{town.name}
					</HostLink>
				</td>
				<td className={`${CELL} @max-[900px]:block`}>
					<Status
						look={healthLook(town)}
						className="!items-start [&>span]:whitespace-normal [&>svg]:mt-0.5"
					/>
				</td>
				<td className={`${CELL} ${NAMED} text-right`} data-name="Working">
					{seen ? `${summary.agents_working} of ${summary.agents_total}` : <NotSeen />}
				</td>
				<td className={`${CELL} ${NAMED} text-right`} data-name="Unfinished">
					{seen ? summary.open_beads : <NotSeen />}
				</td>
				<td className={`${CELL} pl-4`}>
					{seen ? <Status look={containerLook(summary.container)} /> : <NotSeen />}
				</td>
				<td className={`${CELL} ${NAMED}`} data-name="Last activity">
					{!seen ? <NotSeen /> : active === null ? "none" : <Ago at={active} />}
				</td>
				<td className={`${CELL} pr-4 text-right`}>
					{seen ? (
						<span className="inline-flex flex-wrap justify-end gap-2 text-xs @max-[900px]:justify-start">
							<HostLink href={href} port={port} className={ACTION} label={`Open the town ${town.name}`}>
								Open…
							</HostLink>
							<HostLink
								href={port.townHref(town.id, "container.restart")}
								port={port}
								className={ACTION}
								label={`Restart container… of ${town.name}: opens the town and asks first`}
							>
								Restart container…
							</HostLink>
							<HostLink
								href={port.townHref(town.id, "save-incident")}
								port={port}
								className={ACTION}
								label={`Save incident… of ${town.name}: opens the town and asks which time`}
							>
								Save incident…
							</HostLink>
						</span>
					) : (
						<RetryButton onClick={again} what={`reading ${town.name}`} />
					)}
				</td>
			</tr>
			{town.rigs.length > 0 ? (
				<tr className="@max-[900px]:block">
					<td colSpan={7} className="px-4 pb-2 @max-[900px]:block">
						<Rigs rigs={town.rigs} />
					</td>
				</tr>
			) : null}
		</>
	);
}

function healthLook(town: TownSummary): Look {
	const { summary } = town;
	if (summary === null)
		return look("unknown", `Unknown: ${town.reason ?? "the town did not answer"}`, "warn");
	const light = lightLook(summary.health.light);
	if (summary.health.light === "healthy" || summary.health.reason === "") return light;
	return look(light.sign, `${light.word}: ${summary.health.reason}`, light.tone);
}

const NotSeen = () => <span className="text-tone-quiet">not seen</span>;

function Rigs({ rigs }: { rigs: RigSummary[] }) {
	return (
		<details className="text-tone-quiet">
			<summary className="cursor-pointer select-none">
				{rigs.length === 1 ? "1 rig" : `${rigs.length} rigs`}: {rigs.map((rig) => rig.name).join(", ")}
			</summary>
			<ul className="mt-1 flex flex-col gap-1 pl-4">
				{rigs.map((rig) => (
					<li key={rig.id} className="flex flex-wrap gap-x-4">
						<span className="font-medium text-kumo-default">{rig.name}</span>
						<span className="break-all font-mono text-xs leading-5">{shortRepository(rig.git_url)}</span>
						<span>branch {rig.default_branch}</span>
						{rig.platform_integration_id ? (
							<span>
								integration <span className="font-mono text-xs">{rig.platform_integration_id}</span>
							</span>
						) : (
							<Status look={look("refused", "No integration", "warn")} />
						)}
					</li>
				))}
			</ul>
		</details>
	);
}

/** `forge.example/owner/name` of a remote, without scheme, user or password. */
export function shortRepository(url: string): string {
	return url
		.replace(/^[a-z+]+:\/\//i, "")
		.replace(/^[^@/]*@/, "")
		.replace(/\.git$/, "");
}
