import { Button } from "@cloudflare/kumo/components/button";
import { PlayIcon } from "@phosphor-icons/react/Play";
import type { Track } from "../replay/track.ts";
import { useTracks, useWorkedOn } from "../replay/use-tracks.ts";
import { useOpenTown } from "../town/open-town.ts";
import { SubjectLink } from "../town/subject-link.tsx";
import { Duration, look, plural, Status, Time } from "../ui/index.ts";

/** Whose conversations tell of a bead, and the way to play them together. */
export function Conversations({ id }: { id: string }) {
	const { open } = useOpenTown();
	const { tracks, failed, again } = useTracks(useWorkedOn(id));
	if (failed !== null)
		return (
			<p role="alert" className="flex flex-wrap items-center gap-3">
				<Status look={look("failed", "Could not read who worked on it", "bad")} />
				{failed}
				<Button size="sm" variant="outline" onClick={again}>
					Try again
				</Button>
			</p>
		);
	if (tracks === null) return <Status look={look("changing", "Reading who worked on it", "active")} />;
	if (tracks.length === 0) return <p className="text-tone-quiet">none: nobody has been started for it</p>;
	return (
		<>
			<ul className="flex flex-col">
				{byAgent(tracks).map(({ agent, starts, last }) => (
					<li key={agent} className="flex flex-wrap items-center gap-x-3">
						<SubjectLink subject={{ kind: "agent", id: agent }} />
						<span className="text-tone-quiet">
							{plural(starts, "start")}, the last <Time at={last.from} />
							{last.until === null ? (
								", goes on"
							) : (
								<>
									{" "}
									for <Duration since={last.from} until={last.until} className="!min-w-0" />
								</>
							)}
						</span>
					</li>
				))}
			</ul>
			<Button
				size="sm"
				variant="outline"
				icon={<PlayIcon weight="bold" />}
				className="my-1"
				onClick={() => open({ kind: "bead", id, replay: { at: null } })}
			>
				Replay, joined in time
			</Button>
		</>
	);
}

function byAgent(tracks: readonly Track[]): { agent: string; starts: number; last: Track }[] {
	const agents = new Map<string, { agent: string; starts: number; last: Track }>();
	for (const track of tracks)
		agents.set(track.agent, {
			agent: track.agent,
			starts: (agents.get(track.agent)?.starts ?? 0) + 1,
			last: track,
		});
	return [...agents.values()];
}
