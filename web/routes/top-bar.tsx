import { DropdownMenu } from "@cloudflare/kumo/components/dropdown";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import { MODES, useMode } from "../theme/mode.ts";
import { meRead } from "../user/reads.ts";
import { useKeySettings } from "./keys.ts";

export type Crumb = { label: string; to?: string };

/** The bar of 44 px on every page: where we are, what the page adds, and the person's own menu. */
export function TopBar({
	crumbs,
	children,
	tools,
}: {
	crumbs: Crumb[];
	children?: ReactNode;
	tools?: ReactNode;
}) {
	return (
		<header className="flex h-11 shrink-0 items-center gap-3 border-b border-kumo-hairline bg-kumo-base px-4 text-sm max-md:gap-2 max-md:px-3">
			<Link to="/users" className="shrink-0 font-semibold text-kumo-default max-md:hidden">
				Townwatch
			</Link>
			<nav aria-label="Where you are" className="flex min-w-0 shrink items-center gap-1.5">
				<Link to="/users" className="shrink-0 text-tone-quiet hover:text-kumo-default max-md:hidden">
					Users
				</Link>
				{crumbs.map(({ label, to }, at) => (
					<Fragment key={`${label}${to ?? ""}`}>
						<span aria-hidden="true" className="text-tone-quiet max-md:hidden">
							/
						</span>
						{to && at < crumbs.length - 1 ? (
							<a href={to} className="truncate text-tone-quiet hover:text-kumo-default max-md:hidden">
								{label}
							</a>
						) : (
							<h1 className="truncate font-semibold">{label}</h1>
						)}
					</Fragment>
				))}
			</nav>
			<div className="flex min-w-0 flex-1 items-center gap-3 overflow-hidden">{children}</div>
			{tools}
			<YouMenu />
		</header>
	);
}

const MODE_WORDS = { system: "As the system", light: "Light", dark: "Dark" } as const;

/** Settings kept per person in this browser. */
function YouMenu() {
	const { data } = useQuery(meRead);
	const { mode, setMode } = useMode();
	const { single, setSingle } = useKeySettings();
	return (
		<DropdownMenu>
			<DropdownMenu.Trigger
				render={
					<button
						type="button"
						className="h-7 shrink-0 rounded-sm border border-kumo-hairline px-2 hover:bg-kumo-tint max-md:h-11 max-md:border-transparent"
					>
						You
					</button>
				}
			/>
			<DropdownMenu.Content align="end">
				{data ? (
					<div className="px-2 py-1.5 text-tone-quiet text-xs">
						{data.name}, {data.email}
					</div>
				) : null}
				<DropdownMenu.RadioGroup value={mode} onValueChange={(value) => setMode(value as typeof mode)}>
					{MODES.map((one) => (
						<DropdownMenu.RadioItem key={one} value={one}>
							{MODE_WORDS[one]}
						</DropdownMenu.RadioItem>
					))}
				</DropdownMenu.RadioGroup>
				<DropdownMenu.Separator />
				<DropdownMenu.CheckboxItem checked={single} onCheckedChange={setSingle}>
					Single-key shortcuts
				</DropdownMenu.CheckboxItem>
			</DropdownMenu.Content>
		</DropdownMenu>
	);
}
