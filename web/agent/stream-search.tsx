import type { Search } from "./use-search.ts";

/** Words to look for, "3 of 17", Enter for the next. Without the `whole` stream it is said what was searched. */
export function StreamSearch({ search, whole }: { search: Search; whole: boolean }) {
	const part = whole ? "" : " in the loaded part";
	return (
		<span className="flex min-w-0 items-center gap-2">
			<input
				type="search"
				aria-label="Search in the stream"
				placeholder="Search"
				value={search.words}
				onChange={(event) => search.setWords(event.target.value)}
				onKeyDown={(event) => {
					if (event.key !== "Enter" && event.key !== "Escape") return;
					// Esc closes the innermost: here the search, not the panel that it stands in.
					event.preventDefault();
					if (event.key === "Escape") {
						if (search.words === "") event.currentTarget.blur();
						else search.setWords("");
					} else if (event.shiftKey) search.previous();
					else search.next();
				}}
				className="h-6.5 w-28 min-w-20 rounded-sm border border-edge bg-kumo-base px-2 placeholder:text-tone-quiet max-md:h-11"
			/>
			{search.words === "" ? null : (
				<span role="status" className="whitespace-nowrap text-tone-quiet text-xs">
					{search.of === 0
						? `none${part}`
						: search.at === -1
							? `${search.of} found${part}`
							: `${search.at + 1} of ${search.of}${part}`}
				</span>
			)}
		</span>
	);
}
