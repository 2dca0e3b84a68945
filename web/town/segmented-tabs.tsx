type Props<T extends string> = {
	label: string;
	tabs: readonly { value: T; label: string }[];
	value: T;
	onValue(value: T): void;
};

/** A few choices of which one stands: segments in one row, arrows move, one tab stop. */
export function SegmentedTabs<T extends string>({ label, tabs, value, onValue }: Props<T>) {
	return (
		<div
			role="radiogroup"
			aria-label={label}
			className="flex h-6.5 items-stretch rounded-sm border border-kumo-line max-md:h-11"
		>
			{tabs.map((tab, at) => (
				// biome-ignore lint/a11y/useSemanticElements: segments with one tab stop, drawn as buttons
				<button
					key={tab.value}
					type="button"
					role="radio"
					aria-checked={tab.value === value}
					tabIndex={tab.value === value ? 0 : -1}
					onClick={() => onValue(tab.value)}
					onKeyDown={(event) => {
						const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
						const next = tabs[(at + step + tabs.length) % tabs.length];
						if (step === 0 || !next) return;
						event.preventDefault();
						event.stopPropagation();
						onValue(next.value);
						const siblings = event.currentTarget.parentElement?.children;
						(siblings?.[tabs.indexOf(next)] as HTMLElement | undefined)?.focus();
					}}
					className={`whitespace-nowrap px-2 @max-[490px]:px-1 first:rounded-l-sm last:rounded-r-sm ${
						tab.value === value
							? "bg-kumo-recessed font-semibold underline underline-offset-4"
							: "hover:bg-kumo-tint"
					}`}
				>
					{tab.label}
				</button>
			))}
		</div>
	);
}
