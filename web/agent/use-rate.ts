import { useEffect, useRef, useState } from "react";

/** Events a second over the last second, from a seq that rises with each event. */
export function useRate(seq: number): number {
	const newest = useRef(seq);
	newest.current = seq;
	const [rate, setRate] = useState(0);
	useEffect(() => {
		let before = newest.current;
		const timer = setInterval(() => {
			setRate(before === 0 ? 0 : Math.max(0, newest.current - before));
			before = newest.current;
		}, 1_000);
		return () => clearInterval(timer);
	}, []);
	return rate;
}
