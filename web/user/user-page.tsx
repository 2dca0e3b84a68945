import { InlineCopyText } from "@cloudflare/kumo/components/inline-copy-text";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import type { UserPage as UserPageData } from "../../shared/directory/index.ts";
import { userPage } from "../../shared/directory/index.ts";
import { GastownSection } from "../embed/gastown-section.tsx";
import type { GastownPort } from "../embed/port.ts";
import { townPath } from "../embed/town-path.ts";
import { readJson } from "../http.ts";
import { CopyLink } from "../routes/copy-link.tsx";
import { AdminOnly } from "../routes/sign-in.tsx";
import { useTitle } from "../routes/title.ts";
import { TopBar } from "../routes/top-bar.tsx";
import { look } from "../ui/status/signs.ts";
import { Status } from "../ui/status/status.tsx";
import { townNameKey } from "./reads.ts";
import { useRecents } from "./recents.ts";

/** It comes after the towns: who looks for one does not wait for it. */
const UserLedger = lazy(() => import("../ledger/user-ledger.tsx"));

/** What the router loads when a user is opened. */
export const UserRoute = () => (
	<AdminOnly>
		<UserPage />
	</AdminOnly>
);

/** `/users/$id`: who it is, and the Gastown section. The id may hold `/` and `:`. */
function UserPage() {
	const { id } = useParams({ from: "/users/$id" });
	const navigate = useNavigate();
	const queries = useQueryClient();
	const [user, setUser] = useState<UserPageData["user"] | null>(null);
	const visit = useRecents((recents) => recents.visit);
	const known = user?.id === id ? user : null;
	useTitle(known?.name ?? id);
	useEffect(() => {
		if (known) visit({ kind: "user", id: known.id, name: known.name });
	}, [known, visit]);
	const port = useMemo<GastownPort>(
		() => ({
			read: async (userId, signal) => {
				const page = await readJson(userPage, `/api/users/${encodeURIComponent(userId)}`, { signal });
				setUser(page.user);
				for (const town of page.owners.flatMap(({ towns }) => towns))
					queries.setQueryData(townNameKey(town.id), town.name);
				return page;
			},
			townHref: townPath,
			navigate: (href) => void navigate({ href }),
			signInHref: null,
		}),
		[navigate, queries],
	);
	return (
		<div className="flex h-full flex-col">
			<TopBar crumbs={[{ label: known?.name ?? id }]} />
			<main className="min-h-0 flex-1 overflow-y-auto">
				<div className="mx-auto flex max-w-[1200px] flex-col gap-4 px-4 py-4">
					<header className="flex flex-wrap items-center gap-x-4 gap-y-1">
						<h2 className="font-semibold text-xl">{known?.name ?? id}</h2>
						{known ? (
							<>
								<span>{known.email}</span>
								<InlineCopyText value={known.id} className="font-mono text-xs">
									{known.id}
								</InlineCopyText>
								<span className="text-tone-quiet">since {since(known.created_at)}</span>
								{known.is_admin ? <span className="text-tone-quiet">admin</span> : null}
								{known.blocked_at ? <Status look={look("refused", "Blocked", "warn")} /> : null}
							</>
						) : null}
						<span className="flex-1" />
						<CopyLink />
					</header>
					<GastownSection userId={id} port={port} />
					<Suspense>
						<UserLedger userId={id} />
					</Suspense>
				</div>
			</main>
		</div>
	);
}

function since(iso: string): string {
	const at = Date.parse(iso);
	if (Number.isNaN(at)) return iso;
	return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" }).format(at);
}
