import { useEffect, useMemo, useRef, useState } from "react";
import type { Diagnosis } from "../../shared/diagnosis/finding.ts";
import { diagnose, type Looks } from "../../shared/diagnosis/index.ts";
import type { TownClient } from "../live/client.ts";
import type { TownState } from "../live/town-state.ts";
import type { ThePast } from "../past/read-past.ts";

/** The rules are run at most so often, however fast the town changes, and once a second while it does not. */
const LEAST_MS = 250;
const IDLE_MS = 1_000;

/** What is wrong with the town now, by the town's clock, and what was at the moment that is shown. */
export function useDiagnoses(
	client: TownClient,
	past: Pick<ThePast, "view" | "at"> | null,
): { diagnosis: Diagnosis; live: Diagnosis } {
	const live = useLiveDiagnosis(client);
	const then = useMemo(() => (past ? diagnose(past.view, past.at) : null), [past]);
	return { diagnosis: then ?? live, live };
}

/** What was last told of the scheduler's looks, with when; null where nothing was. */
export const looksOf = ({ looks, pulseAt }: Pick<TownState, "looks" | "pulseAt">): Looks | null =>
	looks && pulseAt !== null ? { ...looks, at: pulseAt } : null;

function diagnosisOf(client: TownClient): Diagnosis {
	const state = client.store.getState();
	return diagnose(state.view, client.now(), looksOf(state));
}

function useLiveDiagnosis(client: TownClient): Diagnosis {
	const [diagnosis, setDiagnosis] = useState(() => diagnosisOf(client));
	const told = useRef("");
	useEffect(() => {
		let ranAt = 0;
		let due: ReturnType<typeof setTimeout> | null = null;
		const run = () => {
			if (due) clearTimeout(due);
			due = null;
			ranAt = performance.now();
			const next = diagnosisOf(client);
			// A diagnosis that says the same is the same: nothing is rendered anew.
			const text = JSON.stringify(next);
			if (text === told.current) return;
			told.current = text;
			setDiagnosis(next);
		};
		const soon = () => {
			due ??= setTimeout(run, Math.max(0, LEAST_MS - (performance.now() - ranAt)));
		};
		run();
		const timer = setInterval(soon, IDLE_MS);
		const stop = client.store.subscribe((state, before) => {
			if (state.view !== before.view || state.versions !== before.versions) soon();
		});
		return () => {
			stop();
			clearInterval(timer);
			if (due) clearTimeout(due);
		};
	}, [client]);
	return diagnosis;
}
