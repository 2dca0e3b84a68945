import { CaretLeftIcon } from "@phosphor-icons/react/CaretLeft";
import { useQuery } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { Fragment, lazy, type MouseEvent, type ReactNode, Suspense } from "react";
import { meRead } from "../user/reads.ts";
import { PageKeys } from "./page-keys.tsx";
import { YOU_BUTTON } from "./you-button.ts";

export type Crumb = { label: string; to?: string };

/** The bar of 44 px on every page: where we are, what the page adds, the ledger, and the person's own menu. */
export function TopBar({
	crumbs,
	under = "users",
	children,
	tools,
}: {
	crumbs: Crumb[];
	/** What the crumbs stand under; ledger and drills stand by themselves. */
	under?: "users" | "ledger" | "drills";
	children?: ReactNode;
	tools?: ReactNode;
}) {
	const { history } = useRouter();
	const { data: me } = useQuery(meRead);
	const above = crumbs.slice(0, -1).findLast(({ to }) => to !== undefined);
	return (
		<header className="flex h-11 shrink-0 items-center gap-3 border-b border-kumo-hairline bg-kumo-base px-4 text-sm max-md:gap-2 max-md:px-3">
			<Link to="/users" className="shrink-0 font-semibold text-kumo-default max-md:hidden">
				Townwatch
			</Link>
			<nav aria-label="Where you are" className="flex min-w-0 shrink items-center gap-1.5">
				{/* A phone has room for one step back. */}
				{above?.to ? (
					<a
						href={above.to}
						aria-label={`Back to ${above.label}`}
						onClick={(event) => goBy(event, () => history.push(above.to ?? ""))}
						className="-ml-2 inline-flex size-11 shrink-0 items-center justify-center md:hidden"
					>
						<CaretLeftIcon size={16} weight="bold" aria-hidden />
					</a>
				) : null}
				{under === "users" ? (
					<Link to="/users" className="shrink-0 text-tone-quiet hover:text-kumo-default max-md:hidden">
						Users
					</Link>
				) : (
					<h1 className="font-semibold">{under === "ledger" ? "Ledger" : "Drills"}</h1>
				)}
				{crumbs.map(({ label, to }, at) => (
					<Fragment key={`${label}${to ?? ""}`}>
						<span aria-hidden="true" className="text-tone-quiet max-md:hidden">
							/
						</span>
						{to && at < crumbs.length - 1 ? (
							<a
								href={to}
								className="truncate text-tone-quiet hover:text-kumo-default max-md:hidden"
								onClick={(event) => goBy(event, () => history.push(to))}
							>
								{label}
							</a>
						) : (
							<h1 className="truncate font-semibold">{label}</h1>
						)}
					</Fragment>
				))}
			</nav>
			{/* What has no room wraps out of sight, whole. */}
			<div className="flex h-7 min-w-0 flex-1 flex-wrap content-start items-center gap-x-3 overflow-hidden [&>*]:h-7 [&>*]:items-center [&>*]:leading-7">
				{children}
			</div>
			{tools}
			<Link
				to={under === "users" ? "/ledger" : "/users"}
				className={`inline-flex h-7 shrink-0 items-center px-1 text-tone-quiet hover:text-kumo-default max-md:h-11 ${
					tools ? "max-md:hidden" : ""
				}`}
			>
				{under === "users" ? "Ledger" : "Users"}
			</Link>
			{under !== "drills" && me?.drills ? (
				<Link
					to="/drills"
					className="inline-flex h-7 shrink-0 items-center px-1 text-tone-quiet hover:text-kumo-default max-xl:hidden"
				>
					Drills
				</Link>
			) : null}
			<Suspense fallback={<span className={YOU_BUTTON}>You</span>}>
				<YouMenu />
			</Suspense>
			<PageKeys />
		</header>
	);
}

function goBy(event: MouseEvent, go: () => void): void {
	// Another tab or window is the browser's.
	if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
	event.preventDefault();
	go();
}

/** Its menu comes after the page: nobody waits for settings to see a town. */
const YouMenu = lazy(() => import("./you-menu.tsx"));
