import { Button } from "@cloudflare/kumo/components/button";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTitle } from "../routes/title.ts";
import { TopBar } from "../routes/top-bar.tsx";
import { townNameKey } from "../user/reads.ts";
import { useRecents } from "../user/recents.ts";

type Props = { town: string; last: string; onGiven(words: string): void };

/** Why this town is opened: one field, the last words offered, Enter. A followed link asks before its first live frame. */
export function AskCase({ town, last, onGiven }: Props) {
	const read = useQueryClient().getQueryData<string>(townNameKey(town));
	const visited = useRecents(({ list }) => list.find(({ kind, id }) => kind === "town" && id === town)?.name);
	const [words, setWords] = useState(last);
	useTitle("Open a town");
	return (
		<div className="flex h-full flex-col">
			<TopBar crumbs={[{ label: "Open a town" }]} />
			<main className="mx-auto flex w-full max-w-[440px] flex-1 flex-col justify-center gap-4 px-4">
				<form
					className="flex flex-col gap-3"
					onSubmit={(event) => {
						event.preventDefault();
						if (words.trim()) onGiven(words.trim());
					}}
				>
					<label className="flex flex-col gap-2">
						<span className="text-tone-quiet">{read ?? visited ?? `Town ${town}`}</span>
						<span className="font-semibold text-lg">Why do you open this town?</span>
						<span className="text-tone-quiet">
							A case or a few words. It is recorded with your name, and fills in the reason of each action.
							Asked once a day.
						</span>
						<input
							// biome-ignore lint/a11y/noAutofocus: the only field of the page, and Enter goes on
							autoFocus
							value={words}
							maxLength={500}
							placeholder="case 4711"
							onFocus={(event) => event.target.select()}
							onChange={(event) => setWords(event.target.value)}
							className="h-9 rounded-md border border-edge bg-kumo-base px-3 text-base placeholder:text-tone-quiet max-md:h-11"
						/>
					</label>
					<div className="flex items-center gap-3">
						<Button
							type="submit"
							variant={words.trim() === "" ? "outline" : "primary"}
							aria-disabled={words.trim() === "" ? true : undefined}
						>
							Open the town
						</Button>
						{words.trim() === "" ? <span className="text-tone-quiet">A word or two is needed.</span> : null}
					</div>
				</form>
			</main>
		</div>
	);
}
