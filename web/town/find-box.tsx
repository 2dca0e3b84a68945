import { useRef, useState } from "react";
import { findInTown } from "../../shared/town-view/index.ts";
import { Sign } from "../ui/index.ts";
import { agentLook } from "../ui/status/agent-look.ts";
import { lookOfBead } from "./bead-rows.ts";
import { useOpenTown } from "./open-town.ts";

const MOST = 12;

/** Finds beads and agents by id, title, branch, PR URL or name; arrows and Enter open one. Where the tabs need its room, the palette finds the same. */
export function FindBox() {
	const { view, sight, open } = useOpenTown();
	const [words, setWords] = useState("");
	const [at, setAt] = useState(0);
	const field = useRef<HTMLInputElement>(null);
	const found = words.trim() === "" ? [] : findInTown(view, words, MOST);
	const take = (n: number) => {
		const one = found[n];
		if (!one) return;
		open(one.kind === "bead" ? { kind: "bead", id: one.id } : { kind: "agent", id: one.id, raw: false });
		setWords("");
		field.current?.blur();
	};
	return (
		<div className="relative max-xl:hidden">
			<input
				ref={field}
				type="search"
				role="combobox"
				aria-expanded={words.trim() !== ""}
				aria-controls="find-list"
				aria-activedescendant={found[at] ? `find-${at}` : undefined}
				aria-label="Find in this town"
				placeholder="Find id, title, branch, PR, agent"
				value={words}
				autoComplete="off"
				spellCheck={false}
				onChange={(event) => {
					setWords(event.target.value);
					setAt(0);
				}}
				onBlur={() => setTimeout(() => setWords(""), 150)}
				onKeyDown={(event) => {
					if (event.key === "ArrowDown") setAt(Math.min(found.length - 1, at + 1));
					else if (event.key === "ArrowUp") setAt(Math.max(0, at - 1));
					else if (event.key === "Enter") take(at);
					else if (event.key === "Escape") {
						setWords("");
						field.current?.blur();
					} else return;
					event.preventDefault();
				}}
				className="h-6.5 w-60 max-[1400px]:w-26 max-[1400px]:focus:w-60 rounded-sm border border-edge bg-kumo-base px-2 placeholder:text-tone-quiet"
			/>
			{words.trim() === "" ? null : (
				<div
					id="find-list"
					role="listbox"
					aria-label="Found"
					className="absolute top-8 right-0 z-30 max-h-96 w-96 max-w-[90vw] overflow-y-auto rounded-md border border-kumo-line bg-kumo-base py-1 shadow-lg"
				>
					{found.length === 0 ? (
						<p className="px-3 py-1 text-tone-quiet">Nothing in this town has "{words}".</p>
					) : (
						found.map((one, n) => {
							const agent = one.kind === "agent" ? view.tables.agent_metadata.get(one.id) : undefined;
							const look = agent ? agentLook(agent, sight) : lookOfBead(view, one.id, sight);
							return (
								<div
									key={one.id}
									id={`find-${n}`}
									role="option"
									tabIndex={-1}
									aria-selected={n === at}
									onPointerDown={(event) => {
										event.preventDefault();
										take(n);
									}}
									className={`flex cursor-pointer items-center gap-2 px-3 py-1 ${n === at ? "bg-kumo-tint font-medium" : ""}`}
								>
									<Sign name={look.sign} tone={look.tone} />
									<span className="min-w-0 flex-1 truncate">{one.title}</span>
									<span className="shrink-0 text-tone-quiet text-xs">
										{look.word} · by {one.by}
									</span>
								</div>
							);
						})
					)}
				</div>
			)}
		</div>
	);
}
