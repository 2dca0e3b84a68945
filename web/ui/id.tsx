import { useCopy } from "./use-copy.ts";

/** Eight characters of an id; a click copies the whole one, and a check replaces the icon for a second. */
export function Id({
	id,
	label = "id",
	tabbable = true,
}: {
	id: string;
	label?: string;
	tabbable?: boolean;
}) {
	const { copied, Icon, copyText } = useCopy();
	return (
		<button
			type="button"
			title={id}
			aria-label={copied ? `Copied ${label}` : `Copy ${label} ${id}`}
			tabIndex={tabbable ? 0 : -1}
			onClick={(event) => {
				event.stopPropagation();
				copyText(id);
			}}
			className="group/id inline-flex min-h-6 cursor-pointer items-center gap-1 rounded font-mono text-xs text-tone-quiet hover:text-kumo-default"
		>
			{id.slice(0, 8)}
			<Icon
				size={12}
				weight="bold"
				aria-hidden
				className={copied ? "" : "opacity-0 group-hover/id:opacity-100 group-focus-visible/id:opacity-100"}
			/>
		</button>
	);
}
