import { Button } from "@cloudflare/kumo/components/button";
import { useQuery } from "@tanstack/react-query";
import { Navigate, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ReadFailed } from "../http.ts";
import { dateTime } from "../ui/format/time.ts";
import { look } from "../ui/status/signs.ts";
import { Status } from "../ui/status/status.tsx";
import { meRead } from "../user/reads.ts";
import { useTitle } from "./title.ts";

/** `/`: on to the lookup for an admin, the way in for anyone else. */
export function HomePage() {
	return (
		<AdminOnly>
			<Navigate to="/users" replace />
		</AdminOnly>
	);
}

/** Shows `children` only to an admin; others see why not, and nothing behind it (design-ui §4, Refused). */
export function AdminOnly({ children }: { children: ReactNode }) {
	const { data, error, isPending, refetch } = useQuery(meRead);
	if (data) return children;
	if (isPending)
		return (
			<Column>
				<Status look={look("changing", "Asking who you are", "active")} />
			</Column>
		);
	return <NotIn error={error} again={() => void refetch()} />;
}

function NotIn({ error, again }: { error: Error | null; again(): void }) {
	const failed = error instanceof ReadFailed ? error : null;
	const { href } = useLocation();
	useTitle(failed?.status === 403 ? "Refused" : "Sign in");
	const signIn = failed?.signInUrl ? withReturn(failed.signInUrl, href) : null;
	if (failed?.status === 401)
		return (
			<Column>
				{failed.code === "not_signed_in" ? null : <p className="text-tone-warn">{failed.message}</p>}
				<SignInLink href={signIn ?? "/"} primary>
					{isLocal(signIn) ? "Continue with the local sign-in page" : "Continue with Cloudflare Access"}
				</SignInLink>
			</Column>
		);
	if (failed?.status === 403)
		return (
			<Column>
				<div role="alert" className="flex flex-col gap-2">
					<Status look={look("refused", "Refused", "warn")} />
					<p>{failed.message}</p>
					<p className="text-tone-quiet">
						Ask an owner of the directory, then try again. Request {failed.requestId}.
					</p>
				</div>
				<div className="flex flex-wrap gap-2">
					{signIn ? <SignInLink href={signIn}>Use another account</SignInLink> : null}
					<Button onClick={again}>Try again</Button>
				</div>
			</Column>
		);
	return (
		<Column>
			<div role="alert" className="flex flex-col gap-2">
				<Status look={look("failed", "Could not ask who you are", "bad")} />
				<p>{error?.message}</p>
				<p className="text-tone-quiet">
					{failed?.status ? `Status ${failed.status}. ` : ""}
					{failed?.requestId ? `Request ${failed.requestId}. ` : ""}
					{failed ? dateTime(failed.at) : ""}
				</p>
			</div>
			<Button onClick={again}>Try again</Button>
		</Column>
	);
}

function Column({ children }: { children: ReactNode }) {
	return (
		<main className="mx-auto flex min-h-full max-w-[400px] flex-col justify-center gap-4 px-4">
			<h1 className="font-semibold text-xl">Townwatch</h1>
			<p>Watch and mend Gastown towns. Admins only.</p>
			{children}
		</main>
	);
}

function SignInLink({ href, primary, children }: { href: string; primary?: boolean; children: string }) {
	return (
		<a
			href={href}
			className={`inline-flex h-9 items-center justify-center rounded-md border px-3 font-medium text-base max-md:h-11 ${
				primary
					? "border-transparent bg-tone-active text-kumo-inverse hover:underline"
					: "border-edge hover:bg-kumo-tint"
			}`}
		>
			{children}
		</a>
	);
}

/** The sign-in address that comes back to where the reader wanted to go. */
function withReturn(signIn: string, to: string): string {
	const url = new URL(signIn, location.origin);
	url.searchParams.set("redirect_url", to);
	return url.href;
}

const isLocal = (url: string | null) =>
	url !== null && /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])/.test(url);
