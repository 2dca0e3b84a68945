import type { TownOwner } from "../../shared/directory/index.ts";
import { useNow } from "../ui/clock.tsx";
import { ago } from "../ui/format/duration.ts";
import { look } from "../ui/status/signs.ts";
import { Status } from "../ui/status/status.tsx";
import { Ago } from "../ui/time.tsx";
import { ACTION, HostLink } from "./host-link.tsx";
import type { GastownPort } from "./port.ts";
import { RetryButton } from "./retry-button.tsx";
import { TownLine } from "./town-line.tsx";
import { type Reading, STALE_MS, useGastown } from "./use-gastown.ts";

/**
 * The Gastown section of a user: their towns and their organisations', each with its health light, and their rigs.
 * Stands in the console's user page and, as an element of its own (element.tsx), in other pages: it has no top bar and
 * imports nothing of the console.
 */
export function GastownSection({ userId, port }: { userId: string; port: GastownPort }) {
	const reading = useGastown(userId, port);
	return (
		<section
			aria-labelledby="gastown-head"
			className="@container overflow-hidden rounded-lg border border-kumo-hairline bg-kumo-base"
		>
			<header className="flex min-h-9 items-center justify-between gap-3 border-b border-kumo-hairline px-4 py-1">
				<h2 id="gastown-head" className="font-semibold text-lg">
					Gastown
				</h2>
				<Freshness reading={reading} />
			</header>
			<Body reading={reading} port={port} />
		</section>
	);
}

function Freshness({ reading }: { reading: Reading }) {
	const now = useNow();
	if (reading.readAt === null)
		return reading.failed ? (
			<Status look={look("failed", "Not read", "bad")} />
		) : (
			<Status look={look("changing", "Reading", "active")} />
		);
	const age = Math.max(0, now - reading.readAt);
	if (reading.failed || age > STALE_MS)
		return <Status look={look("late", `Stale, read ${ago(age)}`, "warn")} />;
	return (
		<span className="flex gap-2 text-tone-quiet">
			<Status look={look("done", "Read", "quiet")} />
			<Ago at={reading.readAt} />
		</span>
	);
}

function Body({ reading, port }: { reading: Reading; port: GastownPort }) {
	const { page, failed } = reading;
	return (
		<>
			{failed ? (
				<div role="alert" className="flex flex-wrap items-center gap-3 bg-tone-bad-tint px-4 py-2">
					<Status look={failureLook(failed.status)} />
					<span>
						{failed.message}
						{failed.requestId ? ` Request ${failed.requestId}.` : ""}
						{page ? " Below is what was last read." : ""}
					</span>
					{port.signInHref && failed.status !== 404 ? (
						<HostLink href={port.signInHref} port={port} className={ACTION}>
							{failed.status === 401 || failed.status === 403
								? "Sign in to the console…"
								: "Open the console…"}
						</HostLink>
					) : null}
					<RetryButton onClick={reading.again} what="reading the towns" />
				</div>
			) : null}
			{page ? (
				<div className={failed ? "opacity-80" : undefined}>
					{page.owners.every((owner) => owner.towns.length === 0 && owner.error === null) ? (
						<p className="px-4 py-4">
							No towns. A town appears here once {page.user.name || "this user"} or one of their organisations
							makes one in Gastown.
						</p>
					) : (
						<Towns owners={page.owners} port={port} again={reading.again} />
					)}
				</div>
			) : failed ? null : (
				<Bars />
			)}
		</>
	);
}

const failureLook = (status: number | null) =>
	status === 401 || status === 403
		? look("refused", "Refused", "warn")
		: status === 404
			? look("unknown", "No such user", "warn")
			: look("failed", "Could not read the towns", "bad");

const HEAD = "px-2 py-1.5 text-left font-medium text-tone-quiet text-xs";

function Towns({ owners, port, again }: { owners: TownOwner[]; port: GastownPort; again(): void }) {
	return (
		<table className="w-full table-fixed border-collapse @max-[900px]:block">
			<thead className="@max-[900px]:sr-only">
				<tr className="border-b border-kumo-hairline">
					<th className={`${HEAD} w-[16%] pl-4`}>Town</th>
					<th className={HEAD}>Health</th>
					<th className={`${HEAD} w-20 text-right`}>Working</th>
					<th className={`${HEAD} w-24 text-right`}>Unfinished</th>
					<th className={`${HEAD} w-32 pl-4`}>Container</th>
					<th className={`${HEAD} w-28`}>Last activity</th>
					<th className={`${HEAD} w-92 pr-4 @max-[1100px]:w-40`}>
						<span className="sr-only">Open the town</span>
					</th>
				</tr>
			</thead>
			{owners.map((owner) => (
				<tbody key={`${owner.type}:${owner.id}`} className="@max-[900px]:block">
					{owner.type === "org" || owner.error !== null ? (
						<tr className="@max-[900px]:block">
							<th
								colSpan={7}
								scope="rowgroup"
								className="bg-kumo-recessed px-4 py-1.5 text-left font-medium @max-[900px]:block"
							>
								<span className="flex flex-wrap items-center gap-3">
									{owner.name}
									{owner.type === "org" ? (
										<span className="font-normal text-tone-quiet">
											organisation{owner.role ? `, ${owner.role}` : ""}
										</span>
									) : null}
									{owner.error === null && owner.towns.length === 0 ? (
										<span className="font-normal text-tone-quiet">no towns</span>
									) : null}
									{owner.error !== null ? (
										<>
											<Status look={look("unknown", `Unknown: ${owner.error}`, "warn")} />
											<RetryButton onClick={again} what={`reading the towns of ${owner.name}`} />
										</>
									) : null}
								</span>
							</th>
						</tr>
					) : null}
					{owner.towns.map((town) => (
						<TownLine key={town.id} town={town} port={port} again={again} />
					))}
				</tbody>
			))}
		</table>
	);
}

/** Grey bars in the place of the rows, never a lone spinner. */
function Bars() {
	return (
		<div role="status" aria-label="Reading the towns" className="flex flex-col gap-3 px-4 py-3">
			{[40, 55, 35].map((width) => (
				<div key={width} className="h-3 rounded-sm bg-kumo-recessed" style={{ width: `${width}%` }} />
			))}
		</div>
	);
}
