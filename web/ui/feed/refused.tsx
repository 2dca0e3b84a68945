import { buttonVariants } from "@cloudflare/kumo/components/button";
import type { ConnectionView } from "../../live/connection-view.ts";
import { wholeTime } from "../format/time.ts";
import { Sign } from "../status/status.tsx";
import { Time } from "../time.tsx";

/** Who can help, by the code of the refusal. */
const HELP: Record<string, string> = {
	"4401": "Sign in again to go on.",
	"4403": "Ask an owner of the directory to make you an admin, then sign in again.",
	"4404": "Check the address, or look the town up by its user.",
	"4410": "Reload the page to get the new one.",
	"4461": "Open the console at its own address.",
	not_signed_in: "Sign in to go on.",
	identity_expired: "Sign in again to go on.",
	not_admin: "Ask an owner of the directory to make you an admin, then sign in again.",
	blocked: "Ask an owner of the directory to unblock you.",
	no_such_town: "Check the address, or look the town up by its user.",
	bad_origin: "Open the console at its own address.",
};

/** What leads on: another address where this one is none, else another sign-in, which leads back to where one was. */
const wayOn = (code: string) =>
	["4404", "no_such_town"].includes(code)
		? { href: "/users", label: "Find a user" }
		: { href: location.href, label: "Sign in again" };

type Props = { view: Extract<ConnectionView, { is: "refused" }> };

/** The whole page, with nothing behind it: what, since when, who can help. */
export function Refused({ view }: Props) {
	const { href, label } = wayOn(view.code);
	return (
		<div data-feed="refused" role="alert" className="flex flex-1 flex-col items-start gap-3 p-8">
			<h2 className="flex items-center gap-2 text-lg font-semibold text-tone-warn">
				<Sign name="refused" tone="warn" size={20} />
				Refused
			</h2>
			<p className="max-w-prose text-base">{view.reason || "The session refused this page."}</p>
			<p className="text-tone-quiet" title={wholeTime(view.since)}>
				Since <Time at={view.since} dated />
				{view.code && ` · code ${view.code}`}
			</p>
			<p>{HELP[view.code] ?? "Sign in again, or ask an owner of the directory."}</p>
			<div className="flex gap-2">
				<a
					className="inline-flex h-9 items-center rounded-md bg-tone-active px-3 font-medium text-base text-kumo-inverse hover:underline"
					href={href}
				>
					{label}
				</a>
				<button
					type="button"
					className={buttonVariants({ variant: "outline" })}
					onClick={() => location.reload()}
				>
					Reload
				</button>
			</div>
		</div>
	);
}
