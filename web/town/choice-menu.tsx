type Props<T extends string> = {
	label: string;
	tabs: readonly { value: T; label: string }[];
	value: T;
	onValue(value: T): void;
};

/** One of a few choices where there is no room for segments. */
export function ChoiceMenu<T extends string>({ label, tabs, value, onValue }: Props<T>) {
	return (
		<select
			aria-label={label}
			value={value}
			onChange={(event) => onValue(event.target.value as T)}
			className="h-6.5 min-w-0 rounded-sm border border-edge bg-kumo-base px-1 max-md:h-11"
		>
			{tabs.map((tab) => (
				<option key={tab.value} value={tab.value}>
					{tab.label}
				</option>
			))}
		</select>
	);
}
