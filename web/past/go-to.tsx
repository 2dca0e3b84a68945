import { Button } from "@cloudflare/kumo/components/button";
import { Popover } from "@cloudflare/kumo/components/popover";
import { useState } from "react";
import { create } from "zustand";
import { ChoiceMenu } from "../town/choice-menu.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { TimeLine } from "./time-line.tsx";
import { formatAt, parseWhere } from "./where.ts";

const SPANS = [
	{ value: "1", label: "Last hour" },
	{ value: "6", label: "6 h" },
	{ value: "24", label: "1 d" },
	{ value: "168", label: "7 d" },
] as const;
type Span = (typeof SPANS)[number]["value"];

type Open = { open: boolean; setOpen(open: boolean): void };
const useOpen = create<Open>()((set) => ({ open: false, setOpen: (open) => set({ open }) }));

/** Opens the choice of a moment, for the key `t`. */
export const openGoTo = (): void => useOpen.getState().setOpen(true);

/** Another moment: a time or a change typed, or a place on the line of the last hour or days. */
export function GoTo({ label, className }: { label: string; className?: string }) {
	const { client, go } = useOpenTown();
	const { open, setOpen } = useOpen();
	const [typed, setTyped] = useState("");
	const [span, setSpan] = useState<Span>("1");
	const where = typed.trim() === "" ? null : parseWhere(typed, client.now());
	const bad = typed.trim() !== "" && where === null;
	return (
		<Popover open={open} onOpenChange={(next: boolean) => setOpen(next)}>
			<Popover.Trigger
				render={
					<Button
						size="sm"
						variant="outline"
						className={className}
						aria-keyshortcuts="t"
						title="Shows the town at another moment, t"
					>
						{label}
					</Button>
				}
			/>
			<Popover.Content className="w-120 max-w-[94vw]">
				<Popover.Title>The town at another moment</Popover.Title>
				<form
					className="mt-2 flex flex-wrap items-center gap-2"
					onSubmit={(event) => {
						event.preventDefault();
						if (!where) return;
						setOpen(false);
						setTyped("");
						go({ at: formatAt(where) }, false);
					}}
				>
					<input
						// biome-ignore lint/a11y/noAutofocus: it was opened to type into it
						autoFocus
						aria-label="A time or a change"
						aria-invalid={bad}
						placeholder="12:04:31, -10m, 47,902, live"
						value={typed}
						onChange={(event) => setTyped(event.target.value)}
						className="h-8 min-w-0 flex-1 rounded-md border border-edge bg-kumo-base px-2 text-sm aria-invalid:border-tone-warn max-md:h-11"
					/>
					<Button type="submit" size="sm" variant="outline" disabled={!where}>
						Show it
					</Button>
					{bad ? (
						<span className="w-full text-tone-warn text-xs">
							Write a time, how long ago, or the number of a change.
						</span>
					) : null}
				</form>
				<div className="mt-3 flex flex-col gap-1">
					<ChoiceMenu
						label="How far back"
						tabs={SPANS}
						value={span}
						onValue={(value) => setSpan(value as Span)}
					/>
					<TimeLine hours={Number(span)} />
				</div>
			</Popover.Content>
		</Popover>
	);
}
