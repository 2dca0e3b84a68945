import { DropdownMenu } from "@cloudflare/kumo/components/dropdown";
import { CaretDownIcon } from "@phosphor-icons/react/CaretDown";
import { XIcon } from "@phosphor-icons/react/X";
import { type ReactNode, type RefObject, useEffect, useState } from "react";
import { Sign } from "../ui/index.ts";
import { type Term, withField, withoutTerm } from "./filter.ts";

type Pick = { field: string; label: string; values: readonly string[] };

type Props = {
	/** The filter as it stands in the address. */
	filter: string;
	terms: readonly Term[];
	picks: readonly Pick[];
	onFilter(filter: string): void;
	input: RefObject<HTMLInputElement | null>;
	/** At the right: counts and groups. */
	children?: ReactNode;
};

/** The toolbar of a list: a field to type a filter, pickers, and each term as a chip that can be taken away. */
export function FilterBar({ filter, terms, picks, onFilter, input, children }: Props) {
	const [typed, setTyped] = useState("");
	// A filter that came from elsewhere (a chip, a link, Back) leaves nothing half-typed.
	// biome-ignore lint/correctness/useExhaustiveDependencies: on each new filter
	useEffect(() => setTyped(""), [filter]);
	const add = () => {
		if (typed.trim() !== "") onFilter([filter, typed.trim()].filter(Boolean).join(" "));
	};
	return (
		<div className="@container border-b border-kumo-hairline">
			<div className="flex min-h-9 flex-wrap items-center gap-x-2 gap-y-1 px-3 py-1">
				<input
					ref={input}
					value={typed}
					aria-label="Filter"
					placeholder={`Filter: text, ${picks.map(({ field }) => `${field}:`).join(", ")}`}
					spellCheck={false}
					autoComplete="off"
					onChange={(event) => setTyped(event.target.value)}
					onKeyDown={(event) => {
						if (event.key === "Enter") add();
						else if (event.key === "Escape") {
							event.preventDefault();
							setTyped("");
							event.currentTarget.blur();
						} else if (event.key === "Backspace" && typed === "" && terms.length > 0)
							onFilter(withoutTerm(terms, terms.length - 1));
					}}
					onBlur={add}
					className="h-6.5 w-60 min-w-0 @max-[680px]:w-36 rounded-sm border border-edge bg-kumo-base px-2 placeholder:text-tone-quiet max-md:h-11 max-md:w-full"
				/>
				{picks.map((pick, at) => (
					// Beside an inspector two pickers have room; the others are typed.
					<span key={pick.field} className={at > 1 ? "@max-[680px]:hidden" : undefined}>
						<FieldPick pick={pick} terms={terms} onFilter={onFilter} />
					</span>
				))}
				{terms.map((term, at) => (
					<Chip
						// biome-ignore lint/suspicious/noArrayIndexKey: equal terms may stand twice
						key={`${at} ${term.source}`}
						term={term}
						onRemove={() => onFilter(withoutTerm(terms, at))}
					/>
				))}
				<span className="flex-1" />
				{children}
			</div>
		</div>
	);
}

function Chip({ term, onRemove }: { term: Term; onRemove(): void }) {
	const bad = term.kind === "bad";
	return (
		<span
			className={`inline-flex h-6 max-w-full items-center gap-1 rounded-sm border pl-1.5 ${
				bad ? "border-tone-warn text-tone-warn" : "border-kumo-line"
			}`}
			title={bad ? `Not applied: expected ${term.expected}` : undefined}
		>
			{bad ? <Sign name="warning" tone="warn" size={12} /> : null}
			<span className="truncate">{term.source}</span>
			{bad ? <span className="sr-only">, not applied: expected {term.expected}</span> : null}
			<button
				type="button"
				aria-label={`Remove ${term.source}`}
				onClick={onRemove}
				className="flex size-6 items-center justify-center rounded-sm hover:bg-kumo-tint"
			>
				<XIcon size={12} weight="bold" aria-hidden />
			</button>
		</span>
	);
}

function FieldPick({
	pick,
	terms,
	onFilter,
}: {
	pick: Pick;
	terms: readonly Term[];
	onFilter(filter: string): void;
}) {
	const mine = terms.find((term) => term.kind === "field" && term.field === pick.field && !term.negated);
	const picked = mine?.kind === "field" ? mine.values : [];
	return (
		<DropdownMenu>
			<DropdownMenu.Trigger
				render={
					<button
						type="button"
						className="inline-flex h-6.5 items-center gap-1 rounded-sm border border-kumo-line px-2 hover:bg-kumo-tint max-md:h-11"
					>
						{pick.label}
						<CaretDownIcon size={12} weight="bold" aria-hidden />
					</button>
				}
			/>
			<DropdownMenu.Content className="max-h-96 max-w-80 overflow-y-auto">
				{pick.values.length === 0 ? <DropdownMenu.Item disabled>none so far</DropdownMenu.Item> : null}
				{pick.values.map((value) => (
					<DropdownMenu.CheckboxItem
						key={value}
						checked={picked.includes(value.toLowerCase())}
						onCheckedChange={(on: boolean) => {
							const others = picked.filter((one) => one !== value.toLowerCase());
							onFilter(withField(terms, pick.field, on ? [...others, value] : others));
						}}
					>
						{value.replaceAll("_", " ")}
					</DropdownMenu.CheckboxItem>
				))}
			</DropdownMenu.Content>
		</DropdownMenu>
	);
}
