import { DropdownMenu } from "@cloudflare/kumo/components/dropdown";
import { CaretDownIcon } from "@phosphor-icons/react/CaretDown";
import { type Considered, useAct } from "./use-act.ts";

type Props = { label: string; items: { label: string; considered: Considered }[]; className?: string };

/** Actions behind one button; what cannot be done stays in the list and says why. */
export function ActionMenu({ label, items, className = "" }: Props) {
	const { press } = useAct();
	return (
		<DropdownMenu>
			<DropdownMenu.Trigger
				render={
					<button
						type="button"
						className={`inline-flex h-6.5 shrink-0 items-center gap-1 rounded-md border border-kumo-line px-2 text-xs hover:bg-kumo-tint max-md:h-11 ${className}`}
					>
						{label}
						<CaretDownIcon size={12} weight="bold" aria-hidden />
					</button>
				}
			/>
			<DropdownMenu.Content>
				{items.map(({ label, considered }) => (
					<DropdownMenu.Item
						key={label}
						aria-disabled={considered.reason === null ? undefined : true}
						onClick={() => {
							if (considered.reason === null) press(considered);
						}}
					>
						<span className="flex flex-col">
							<span className={considered.reason === null ? "" : "text-tone-quiet"}>
								{label}
								{considered.danger === "safe" ? "" : "…"}
							</span>
							{considered.reason === null ? null : (
								<span className="text-tone-quiet text-xs">{considered.reason}</span>
							)}
						</span>
					</DropdownMenu.Item>
				))}
			</DropdownMenu.Content>
		</DropdownMenu>
	);
}
