import { Button } from "@cloudflare/kumo/components/button";
import { type FormEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { CATALOGUE } from "../../shared/interventions/index.ts";
import type { LedgerSearch } from "../routes/address.ts";
import { useKeys } from "../routes/keys.ts";
import { fieldOfTime, filtersOf, timeOfField } from "./ask.ts";
import { outcomeWords } from "./story-words.ts";

type Props = {
	search: LedgerSearch;
	go(search: Partial<LedgerSearch>): void;
	children?: ReactNode;
};

/** The one field that a phone shows at first. */
const FIRST = "ledger-q";
const FIELD =
	"h-7 min-w-0 rounded-sm border border-edge bg-kumo-base px-2 placeholder:text-tone-quiet max-md:h-11 max-md:w-full";

const TYPED = [
	["q", "Text", "Reason, case, names, answers", "w-56"],
	["admin", "Admin", "Name, email or id", "w-40"],
	["user", "User", "Owner's email or id", "w-40"],
	["town", "Town", "Name or id", "w-36"],
	["target", "Target", "Name or id", "w-36"],
] as const;

/** The filters of the ledger; each stands in the address as soon as it is left or Enter is pressed. */
export function LedgerFilters({ search, go, children }: Props) {
	const first = useRef<HTMLInputElement>(null);
	// On a phone the list would begin below them all.
	const [unfolded, setUnfolded] = useState(false);
	useKeys("filter", { "/": () => first.current?.focus() });
	const more = filtersOf({ ...search, q: undefined }).length;
	const take = (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		const typed = new FormData(event.currentTarget);
		const text = (name: string) => String(typed.get(name) ?? "").trim() || undefined;
		go(Object.fromEntries(TYPED.map(([name]) => [name, text(name)])));
	};
	return (
		<search>
			<form
				onSubmit={take}
				onBlur={(event) => event.target instanceof HTMLInputElement && event.currentTarget.requestSubmit()}
				data-unfolded={unfolded || undefined}
				className="group flex flex-wrap items-end gap-x-3 gap-y-2 border-b border-kumo-hairline px-4 py-2"
			>
				{TYPED.map(([name, label, hint, width]) => (
					<Labelled key={name} id={`ledger-${name}`} label={label}>
						<TypedField
							name={name}
							value={search[name] ?? ""}
							hint={hint}
							className={width}
							input={name === "q" ? first : undefined}
						/>
					</Labelled>
				))}
				<Choice label="Action" value={search.action} onChoose={(action) => go({ action })}>
					{Object.values(CATALOGUE).map(({ name }) => (
						<option key={name} value={name}>
							{name}
						</option>
					))}
					<option value="access">visit</option>
					<option value="refusal">refusal</option>
				</Choice>
				<Choice label="Outcome" value={search.outcome} onChoose={(outcome) => go({ outcome })}>
					{outcomeWords.map(([outcome, word]) => (
						<option key={outcome} value={outcome}>
							{word}
						</option>
					))}
				</Choice>
				{(["from", "to"] as const).map((name) => (
					<Labelled key={name} id={`ledger-${name}`} label={name === "from" ? "From" : "To"}>
						<input
							id={`ledger-${name}`}
							type="datetime-local"
							key={search[name] ?? ""}
							defaultValue={fieldOfTime(search[name])}
							onBlur={(event) => go({ [name]: timeOfField(event.target.value) })}
							className={`${FIELD} w-48`}
						/>
					</Labelled>
				))}
				<label className="flex h-7 items-center gap-2 max-md:h-11">
					<input
						type="checkbox"
						checked={search.visits === "1"}
						onChange={(event) => go({ visits: event.target.checked ? "1" : undefined })}
					/>
					Visits too
				</label>
				<button type="submit" className="sr-only">
					Search
				</button>
				<Button
					size="sm"
					variant="outline"
					className="md:hidden"
					aria-expanded={unfolded}
					onClick={() => setUnfolded(!unfolded)}
				>
					{unfolded ? "Fewer filters" : more > 0 ? `More filters, ${more} set` : "More filters"}
				</Button>
				{children}
			</form>
		</search>
	);
}

const Labelled = ({ id, label, children }: { id: string; label: string; children: ReactNode }) => (
	<div
		className={`flex min-w-0 flex-col gap-0.5 max-md:w-full ${id === FIRST ? "" : "max-md:group-not-data-unfolded:hidden"}`}
	>
		<label htmlFor={id} className="text-tone-quiet text-xs">
			{label}
		</label>
		{children}
	</div>
);

type Typed = {
	name: string;
	value: string;
	hint: string;
	className: string;
	input: RefObject<HTMLInputElement | null> | undefined;
};

/** A field whose text goes into the address when it is left; what comes from elsewhere (a link, Back) stands in it. */
function TypedField({ name, value, hint, className, input }: Typed) {
	const own = useRef<HTMLInputElement>(null);
	const field = input ?? own;
	useEffect(() => {
		if (field.current && field.current.value.trim() !== value) field.current.value = value;
	}, [field, value]);
	return (
		<input
			id={`ledger-${name}`}
			ref={field}
			name={name}
			defaultValue={value}
			placeholder={hint}
			maxLength={200}
			autoComplete="off"
			spellCheck={false}
			className={`${FIELD} ${className}`}
		/>
	);
}

/** A value that is in no list here still stands in its field: it filters, too. */
function Choice(props: {
	label: string;
	value: string | undefined;
	onChoose(value: string | undefined): void;
	children: ReactNode;
}) {
	const { label, value, onChoose, children } = props;
	return (
		<Labelled id={`ledger-${label}`} label={label}>
			<select
				id={`ledger-${label}`}
				value={value ?? ""}
				onChange={(event) => onChoose(event.target.value || undefined)}
				className={`${FIELD} w-40`}
			>
				<option value="">any</option>
				{children}
			</select>
		</Labelled>
	);
}
