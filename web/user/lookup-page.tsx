import { Button } from "@cloudflare/kumo/components/button";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import type { UserFound } from "../../shared/directory/index.ts";
import { useKeys } from "../routes/keys.ts";
import { useTitle } from "../routes/title.ts";
import { TopBar } from "../routes/top-bar.tsx";
import { plural } from "../ui/format/number.ts";
import { lightLook } from "../ui/status/other-looks.ts";
import { look } from "../ui/status/signs.ts";
import { Status } from "../ui/status/status.tsx";
import { ReadError } from "./read-error.tsx";
import { usersRead } from "./reads.ts";
import { useRecents } from "./recents.ts";

/** It comes after the search: who looks for a user does not wait for it. */
const GuideOffer = lazy(() => import("../guide/offer.tsx"));

/** Typing settles for this long before the directory is asked. */
const SETTLE_MS = 180;

/** `/users?q=`: find the user who reported a problem. */
export function LookupPage() {
	const { q = "" } = useSearch({ from: "/users" });
	const navigate = useNavigate({ from: "/users" });
	const [typed, setTyped] = useState(q);
	const field = useRef<HTMLInputElement>(null);
	const list = useRef<HTMLUListElement>(null);
	useTitle(q ? `${q}, users` : "Users");
	useEffect(() => field.current?.focus(), []);
	// biome-ignore lint/correctness/useExhaustiveDependencies: only the address moves the field, not the typing itself
	useEffect(() => {
		if (q !== typed.trim()) setTyped(q);
	}, [q]);
	useEffect(() => {
		if (typed.trim() === q) return;
		const timer = setTimeout(() => {
			void navigate({ search: { q: typed.trim() || undefined }, replace: true });
		}, SETTLE_MS);
		return () => clearTimeout(timer);
	}, [typed, q, navigate]);
	const move = (step: number) => {
		const links = [...(list.current?.querySelectorAll("a") ?? [])];
		const at = links.indexOf(document.activeElement as HTMLAnchorElement);
		links[Math.max(0, Math.min(links.length - 1, at + step))]?.focus();
	};
	useKeys("users", {
		"/": () => field.current?.focus(),
		j: () => move(1),
		k: () => move(-1),
		ArrowDown: () => move(1),
		ArrowUp: () => move(-1),
	});
	return (
		<div className="flex h-full flex-col">
			<TopBar crumbs={[]} />
			<main className="min-h-0 flex-1 overflow-y-auto">
				<div className="mx-auto flex max-w-[1136px] flex-col gap-4 px-4 py-6">
					<label className="flex flex-col gap-2">
						<span className="font-semibold text-xl">Find the user who reported a problem</span>
						<input
							ref={field}
							type="search"
							value={typed}
							placeholder="Email, name or id"
							autoComplete="off"
							spellCheck={false}
							onChange={(event) => setTyped(event.target.value)}
							onKeyDown={(event) => {
								// What stands there is of what was typed, not of what it was before.
								if (event.key === "Enter" && typed.trim() === q) list.current?.querySelector("a")?.click();
								if (event.key !== "ArrowDown") return;
								event.preventDefault();
								move(1);
							}}
							className="h-9 rounded-md border border-edge bg-kumo-base px-3 text-base placeholder:text-tone-quiet max-md:h-11"
						/>
					</label>
					<Results q={q} list={list} />
					<Recents />
					<Suspense>
						<GuideOffer />
					</Suspense>
				</div>
			</main>
		</div>
	);
}

function Results({ q, list }: { q: string; list: React.RefObject<HTMLUListElement | null> }) {
	const { data, error, isFetching, refetch } = useQuery(usersRead(q));
	if (q === "") return null;
	if (error)
		return (
			<ReadError what={`Looking up "${q}"`} error={error} again={() => void refetch()} busy={isFetching} />
		);
	if (!data)
		return (
			<div role="status">
				<Status look={look("changing", `Looking up "${q}"`, "active")} />
			</div>
		);
	if (data.users.length === 0)
		return (
			<div role="status" className="flex flex-wrap items-center gap-3">
				<Status look={look("gone", "No match", "quiet")} />
				<span>No user has "{q}" in their email, name or id. Try a part of it.</span>
			</div>
		);
	return (
		<section aria-label="Users found">
			<p role="status" className="flex justify-between pb-1 text-tone-quiet">
				<span>
					{data.more
						? `The first ${data.users.length} users that match`
						: `${plural(data.users.length, "user")} ${data.users.length === 1 ? "matches" : "match"}`}{" "}
					"{q}"
				</span>
				<span>{(data.ms / 1_000).toFixed(2)} s</span>
			</p>
			<ul
				ref={list}
				className="divide-y divide-kumo-hairline rounded-lg border border-kumo-hairline bg-kumo-base"
			>
				{data.users.map((user) => (
					<li key={user.id}>
						<UserLine user={user} />
					</li>
				))}
			</ul>
		</section>
	);
}

function UserLine({ user }: { user: UserFound }) {
	const what = [
		user.towns === 0 ? "no towns" : plural(user.towns, "town"),
		user.organisations > 0 ? plural(user.organisations, "org") : null,
	];
	return (
		<Link
			to="/users/$id"
			params={{ id: user.id }}
			className="grid min-h-9 grid-cols-[150px_210px_280px_130px_minmax(0,1fr)] items-center gap-3 px-3 py-1.5 hover:bg-kumo-tint max-md:min-h-11 max-md:grid-cols-1 max-md:gap-0"
		>
			<span className="truncate font-medium text-tone-active">{user.name}</span>
			<span className="truncate">{user.email}</span>
			<span className="truncate font-mono text-tone-quiet text-xs" title={user.id}>
				{user.id}
			</span>
			<span className="truncate text-tone-quiet">{what.filter(Boolean).join(", ")}</span>
			<Light user={user} />
		</Link>
	);
}

function Light({ user }: { user: UserFound }) {
	if (user.blocked_at) return <Status look={look("refused", "Blocked", "warn")} />;
	if (!user.health) return <span className="text-tone-quiet">{user.towns > 0 ? "not seen" : ""}</span>;
	const light = lightLook(user.health.light);
	const told = user.health.light === "critical" || user.health.light === "warning";
	return (
		<Status look={told ? look(light.sign, `${light.word}: ${user.health.reason}`, light.tone) : light} />
	);
}

function Recents() {
	const recents = useRecents((state) => state.list);
	if (recents.length === 0) return null;
	return (
		<section aria-label="Looked at before" className="flex flex-wrap items-center gap-x-4 gap-y-1">
			<h2 className="text-tone-quiet">Recent</h2>
			{recents.map(({ kind, id, name }) =>
				kind === "user" ? (
					<Link key={id} to="/users/$id" params={{ id }} className="text-tone-active hover:underline">
						{name}
					</Link>
				) : (
					<Link
						key={id}
						to="/towns/$id/$tab"
						params={{ id, tab: "state" }}
						className="text-tone-active hover:underline"
					>
						{name} <span className="text-tone-quiet">town</span>
					</Link>
				),
			)}
			<Button size="sm" variant="ghost" onClick={() => useRecents.setState({ list: [] })}>
				Forget
			</Button>
		</section>
	);
}
