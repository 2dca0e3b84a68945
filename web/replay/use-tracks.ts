import { useCallback, useEffect, useMemo, useState } from "react";
import type { DispatchAttempt } from "../../shared/gastown/index.ts";
import { trackersOf } from "../../shared/town-view/index.ts";
import { useOpenTown } from "../town/open-town.ts";
import { tracksOf } from "./track.ts";

const PAGE = 200;

/** The bead and its merge requests: whoever was started for one of them worked on it. */
export function useWorkedOn(id: string): string[] {
	const { view, version } = useOpenTown();
	// biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place; its version tells
	const key = useMemo(
		() =>
			[
				id,
				...trackersOf(view, id)
					.filter((bead) => bead.type === "merge_request")
					.map((bead) => bead.bead_id),
			].join(" "),
		[view, version, id],
	);
	return useMemo(() => key.split(" "), [key]);
}

/** Every start for these beads, oldest first: read once, then live. `tracks` is null until they are known. */
export function useTracks(beads: readonly string[]) {
	const { ask, view } = useOpenTown();
	const [read, setRead] = useState<readonly DispatchAttempt[] | null>(null);
	const [failed, setFailed] = useState<string | null>(null);
	const load = useCallback(() => {
		setFailed(null);
		Promise.all(beads.map((bead) => attemptsOf(ask, bead))).then(
			(all) => setRead(all.flat()),
			(error: unknown) => setFailed(error instanceof Error ? error.message : "The read failed."),
		);
	}, [ask, beads]);
	useEffect(load, [load]);
	const version = view.versions.dispatch_attempts;
	// biome-ignore lint/correctness/useExhaustiveDependencies: the table changes in place; its version tells
	const tracks = useMemo(() => {
		if (read === null) return null;
		const live = [...view.tables.dispatch_attempts.values()].filter((row) => beads.includes(row.bead_id));
		return tracksOf([...read, ...live]);
	}, [read, view, version, beads]);
	return { tracks, failed, again: load };
}

/** All of one bead: there are as many as it was tried to start somebody, at most some dozens. */
async function attemptsOf(
	ask: ReturnType<typeof useOpenTown>["ask"],
	bead: string,
): Promise<DispatchAttempt[]> {
	const rows: DispatchAttempt[] = [];
	for (let before: string | null = null; ; before = rows.at(-1)?.attempt_id ?? null) {
		const page = await ask({
			...{ kind: "journal", entity: "dispatch_attempts", where: { bead_id: bead } },
			...{ before, limit: PAGE },
		});
		rows.push(...(page.rows as DispatchAttempt[]));
		if (!page.more || page.rows.length === 0) return rows;
	}
}
