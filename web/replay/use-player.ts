import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { useOpenTown } from "../town/open-town.ts";
import { type Player, type PlayerState, player } from "./player.ts";
import type { Track } from "./track.ts";

/** The longest time that one frame may pass on: a page in the background plays nothing unseen. */
const LONGEST_FRAME_MS = 250;
/** Painted so often while it plays, milliseconds: lines are made anew each time. */
const PAINT_MS = 60;

/** The player of these tracks, and what it shows, from `startAt` as it was at first: then it is the player that moves. */
export function usePlayer(tracks: readonly Track[] | null, startAt: number | null): [Player, PlayerState] {
	const { ask } = useOpenTown();
	const [it] = useState(() => player(ask, startAt));
	const state = useStore(it.store);
	useEffect(() => {
		if (tracks) it.tracks(tracks);
	}, [it, tracks]);
	const { playing } = state;
	useEffect(() => {
		if (!playing) return;
		let last = performance.now();
		const timer = setInterval(() => {
			const now = performance.now();
			it.tick(Math.min(LONGEST_FRAME_MS, now - last));
			last = now;
		}, PAINT_MS);
		return () => clearInterval(timer);
	}, [it, playing]);
	return [it, state];
}
