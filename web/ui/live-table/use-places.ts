import { useEffect, useReducer, useRef, useState } from "react";
import { nextExpiry, nextPlaces, type Place } from "./order.ts";

/** Milliseconds of a clock that only serves to linger and to flash; not the town's, which may stand still. */
export const uiNow = (): number => performance.now();

const withoutLeavers = (places: readonly Place[]): readonly Place[] =>
	places.some(({ leftAt }) => leftAt !== null) ? places.filter(({ leftAt }) => leftAt === null) : places;

/**
 * The places of the rows on screen and a way to take the wanted order at once. Changes of `wanted` are taken while
 * rendering, so that no frame shows an order that is already old.
 */
export function usePlaces(
	wanted: readonly string[],
	held: boolean,
	still = false,
): { places: readonly Place[]; apply(): void } {
	const [, again] = useReducer((n: number) => n + 1, 0);
	const [places, setPlaces] = useState<readonly Place[]>(() => nextPlaces([], wanted, false, uiNow()));
	const applying = useRef(false);
	const after = nextPlaces(places, wanted, held && !applying.current, uiNow());
	const next = still ? withoutLeavers(after) : after;
	applying.current = false;
	if (next !== places) setPlaces(next);

	const expiry = held ? null : nextExpiry(next);
	useEffect(() => {
		if (expiry === null) return;
		const timer = setTimeout(again, Math.max(0, expiry - uiNow()) + 1);
		return () => clearTimeout(timer);
	}, [expiry]);

	return {
		places: next,
		apply: () => {
			applying.current = true;
			again();
		},
	};
}
