import type { Bead, ReviewMetadata } from "./bead.ts";

/** What decides the place of a merge request in its rig's queue. `at`: when it was made, epoch milliseconds. */
export type InQueue = { id: string; priority: string; at: number; queue_at: number | null };

const PRIORITIES: Record<string, number> = { critical: 0, high: 1, medium: 2 };
export const priorityRank = (priority: string): number => PRIORITIES[priority] ?? 3;

/** Whom a person put to the head comes first; then priority, age or the time when it was put to the end, and id. */
export function byQueue(a: InQueue, b: InQueue): number {
	const head = Math.min(a.queue_at ?? 0, 0) - Math.min(b.queue_at ?? 0, 0);
	return (
		head ||
		priorityRank(a.priority) - priorityRank(b.priority) ||
		(a.queue_at ?? a.at) - (b.queue_at ?? b.at) ||
		(a.id < b.id ? -1 : 1)
	);
}

/** `queue_at` of whom is put before all of these. */
export const headOf = (queue: readonly Pick<InQueue, "queue_at">[]): number =>
	Math.min(0, ...queue.map(({ queue_at }) => queue_at ?? 0)) - 1;

/** It waits for a refinery: unfinished, not begun, and no pull request is watched instead. */
export const waitsForReview = (bead: Pick<Bead, "status">, review: Pick<ReviewMetadata, "pr_url">): boolean =>
	bead.status === "open" && review.pr_url === null;
