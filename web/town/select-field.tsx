import type { ReactNode } from "react";

type Props = { label: string; value: string; onValue(value: string): void; children: ReactNode };

/** A choice among a few, labelled; its options are the children. */
export function SelectField({ label, value, onValue, children }: Props) {
	return (
		<label className="flex flex-col gap-1">
			<span className="text-tone-quiet text-xs">{label}</span>
			<select
				className="h-9 rounded-md border border-edge bg-kumo-base px-2 text-base"
				value={value}
				onChange={(event) => onValue(event.target.value)}
			>
				{children}
			</select>
		</label>
	);
}
