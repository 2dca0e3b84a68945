import { useRef } from "react";
import { findingKey } from "../../shared/diagnosis/finding.ts";
import { endGuide, useGuide } from "../guide/guide.ts";
import { openGoTo } from "../past/go-to.tsx";
import { parseOpen, parseSearch, type TownTab } from "../routes/address.ts";
import { useKeys } from "../routes/keys.ts";
import { useAction } from "./action-state.ts";
import { nextRoot } from "./next-finding.ts";
import { openSubject } from "./open-subject.ts";
import { useOpenTown } from "./open-town.ts";
import { usePalette } from "./palette-state.ts";

/** Keys of a town page (design-ui §8). None changes the town by itself. */
export function useTownKeys(): void {
	const town = useOpenTown();
	const palette = usePalette();
	const visited = useRef<string | null>(null);
	const nextFinding = () => {
		const open = parseOpen(parseSearch(location.search).open);
		const next = nextRoot(town.diagnosis.findings, visited.current, open && `${open.kind}:${open.id}`);
		if (!next) return;
		visited.current = findingKey(next);
		openSubject(town, next.subject);
	};
	const tab = (one: TownTab) => () => town.toTab(one);
	useKeys("town", {
		"mod+k": () => palette.setOpen(true),
		Escape: () => {
			// The innermost first: a sheet or its result, then what stands open.
			const { asked, close } = useAction.getState();
			if (asked) close();
			else if (parseSearch(location.search).open !== undefined) town.open(null);
			else if (useGuide.getState().running?.town === town.id) endGuide();
		},
		"!": nextFinding,
		w: () => showWhy(nextFinding),
		t: openGoTo,
		F6: nextRegion,
		j: focusList,
		k: focusList,
		"g s": tab("state"),
		"g a": tab("agents"),
		"g r": tab("review"),
		"g v": tab("convoys"),
		"g c": tab("container"),
		"g k": tab("credentials"),
		"g m": tab("mayor"),
		"g d": tab("scheduler"),
		"g p": tab("spend"),
		"g e": tab("events"),
		"g i": tab("interventions"),
	});
}

/** Why: the card of what is open, else of the worst finding, whose subject is then opened. */
function showWhy(nextFinding: () => void): void {
	const card = document.querySelector<HTMLElement>("[data-inspector] [data-finding], main [data-finding]");
	if (!card) {
		nextFinding();
		return;
	}
	card.scrollIntoView({ block: "nearest" });
	card.querySelector<HTMLElement>("button, a")?.focus();
}

/** Into the list: from there its own keys act. */
function focusList(): void {
	document.querySelector<HTMLElement>("main [data-row][tabindex='0']")?.focus();
}

/** Attention, content, inspector, and round again. */
function nextRegion(): void {
	const regions = [...document.querySelectorAll<HTMLElement>("aside, main")];
	const at = regions.findIndex((region) => region.contains(document.activeElement));
	const next = regions[(at + 1) % Math.max(1, regions.length)];
	next?.querySelector<HTMLElement>("a, button, input, [tabindex='0']")?.focus();
}
