import { DropdownMenu } from "@cloudflare/kumo/components/dropdown";
import { ArrowSquareOutIcon } from "@phosphor-icons/react/ArrowSquareOut";
import { CaretDownIcon } from "@phosphor-icons/react/CaretDown";
import type { PlatformLinks } from "../../shared/directory/index.ts";
import { type Considered, useAct } from "./use-act.ts";

type Props = {
	label: string;
	items: { label: string; considered: Considered }[];
	/** What needs no leave: it changes nothing. */
	more?: { label: string; run(): void }[];
	/** Pages outside the console; they open in a tab of their own. */
	links?: PlatformLinks["links"];
	className?: string;
};

/** Actions behind one button; what cannot be done stays in the list and says why. */
export function ActionMenu({ label, items, more = [], links = [], className = "" }: Props) {
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
				{more.length > 0 ? <DropdownMenu.Separator /> : null}
				{more.map(({ label, run }) => (
					<DropdownMenu.Item key={label} onClick={run}>
						{label}
					</DropdownMenu.Item>
				))}
				{links.length > 0 ? <DropdownMenu.Separator /> : null}
				{links.map(({ label, url }) => (
					<DropdownMenu.LinkItem key={url} href={url} target="_blank" rel="noreferrer">
						{label}
						<ArrowSquareOutIcon size={12} aria-label="in a new tab" className="ml-1.5 text-tone-quiet" />
					</DropdownMenu.LinkItem>
				))}
			</DropdownMenu.Content>
		</DropdownMenu>
	);
}
