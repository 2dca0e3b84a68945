import { Button } from "@cloudflare/kumo/components/button";
import { Dialog, DialogDescription, DialogRoot, DialogTitle } from "@cloudflare/kumo/components/dialog";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Batch } from "../../shared/protocol/index.ts";
import { fileName, saveFile } from "../export/save-file.ts";
import { useOpenTown } from "../town/open-town.ts";
import { within } from "../town/reproduce/lanes.ts";
import { parseRange } from "../town/reproduce/range.ts";
import { useNames } from "../town/use-names.ts";
import { look, Status } from "../ui/index.ts";
import type { Incident } from "./incident.ts";

/** Name of this dialog in the address (`do=`). */
export const SAVE_INCIDENT = "save-incident";

const SPANS = [
	["The last 15 minutes", 15],
	["The last hour", 60],
	["The last 6 hours", 360],
] as const;

type Phase =
	| { is: "asking" }
	| { is: "reading"; what: string }
	| { is: "failed"; message: string }
	| { is: "saved"; name: string };

/** Saves a time range of the town as one file that opens offline. */
export function SaveIncident() {
	const { go, connection, batches, sight } = useOpenTown();
	const { mark } = useSearch({ from: "/towns/$id/$tab" });
	const save = useSave();
	const [phase, setPhase] = useState<Phase>({ is: "asking" });
	const range = parseRange(mark);
	const marked = range && timesOf(within(batches, range));
	const close = () => go({ do: undefined }, true);
	const live = connection.is === "live";
	const run = (from: number, to: number) =>
		save({ from, to }, (what) => setPhase({ is: "reading", what })).then(
			(name) => setPhase({ is: "saved", name }),
			(error: unknown) =>
				setPhase({ is: "failed", message: error instanceof Error ? error.message : "The read failed." }),
		);
	const choices = [
		...(marked ? [{ label: "The reproduction", ...marked }] : []),
		...SPANS.map(([label, minutes]) => ({ label, from: sight.now - minutes * 60_000, to: sight.now })),
	];
	return (
		<DialogRoot open onOpenChange={(open: boolean) => (open ? undefined : close())}>
			<Dialog className="flex w-[440px] flex-col gap-3 p-4">
				<DialogTitle className="font-semibold text-lg">Save an incident</DialogTitle>
				<DialogDescription className="text-tone-quiet">
					One file with what changed, what the agents said, what was done and the ledger that proves it. It
					opens without this console, and holds the customer's data: treat it as such.
				</DialogDescription>
				<div className="flex flex-col items-start gap-2">
					{choices.map(({ label, from, to }) => (
						<Button
							key={label}
							variant="outline"
							disabled={!live || phase.is === "reading"}
							onClick={() => void run(from, to)}
						>
							{label}
						</Button>
					))}
				</div>
				<div aria-live="polite" data-saving={phase.is} className="min-h-5">
					{live ? (
						<Told phase={phase} />
					) : (
						<Status look={look("unseen", "The town is not seen live: nothing can be read", "warn")} />
					)}
				</div>
				<Button variant="ghost" className="self-end" onClick={close}>
					Close
				</Button>
			</Dialog>
		</DialogRoot>
	);
}

function Told({ phase }: { phase: Phase }) {
	if (phase.is === "reading") return <Status look={look("changing", `Reading ${phase.what}`, "active")} />;
	if (phase.is === "failed")
		return <Status look={look("failed", `Nothing was saved: ${phase.message}`, "bad")} />;
	return phase.is === "saved" ? (
		<>
			<Status look={look("done", "Saved among the downloads", "good")} />
			<p className="break-all text-tone-quiet">{phase.name}</p>
		</>
	) : null;
}

/** Gathers a range and hands the file to the browser; resolves to its name. */
function useSave() {
	const { id, name, ask, client, diagnosis, reason } = useOpenTown();
	const nameOf = useNames();
	return async (range: Incident["range"], tell: (what: string) => void): Promise<string> => {
		// Only who saves a file needs what makes one.
		const [{ gather }, { incidentDocument }] = await Promise.all([
			import("./gather.ts"),
			import("./document.ts"),
		]);
		const gathered = await gather(ask, range, tell);
		tell("the proof");
		const { identity } = client.store.getState();
		const incident: Incident = {
			...{ townwatch: "incident", version: 1 },
			town: { id, name, owner: identity?.town.owner_id ?? "" },
			range,
			saved: { at: client.now(), by: identity?.admin.email ?? "", reason },
			findings: diagnosis.findings,
			...gathered,
			...(await proofOf(id, gathered.leftOut)),
		};
		const file = fileName("incident", name, range.from, "html");
		saveFile(file, incidentDocument(incident, nameOf), "text/html");
		return file;
	};
}

/** The exported ledger; where it cannot be read the file says so. */
async function proofOf(
	town: string,
	leftOut: readonly string[],
): Promise<Pick<Incident, "proof" | "leftOut">> {
	try {
		const response = await fetch(`/api/towns/${encodeURIComponent(town)}/ledger/export.jsonl`);
		if (!response.ok) throw new Error(`the console answered ${response.status}`);
		return { proof: await response.text(), leftOut };
	} catch (error) {
		const why = error instanceof Error ? error.message : "unknown";
		return { proof: null, leftOut: [...leftOut, `The export of the ledger: ${why}.`] };
	}
}

/** When the first and the last of these were committed, as far as this page has seen them. */
function timesOf(batches: readonly Batch[]): Incident["range"] | null {
	const [first, last] = [batches[0], batches.at(-1)];
	return first && last ? { from: first.at, to: last.at } : null;
}
