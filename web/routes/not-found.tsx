import { Link } from "@tanstack/react-router";
import { look } from "../ui/status/signs.ts";
import { Status } from "../ui/status/status.tsx";
import { useTitle } from "./title.ts";

/** An address that no page has. */
export function NotFound() {
	useTitle("No such page");
	return (
		<main className="mx-auto flex min-h-full max-w-[400px] flex-col justify-center gap-3 px-4">
			<Status look={look("gone", "No such page", "quiet")} />
			<p>Nothing stands at this address. The link may be cut, or of a newer console.</p>
			<Link to="/users" className="text-tone-active hover:underline">
				Find a user
			</Link>
		</main>
	);
}
