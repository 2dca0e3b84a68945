import Link from "next/link";
import { Gastown } from "./gastown";

/** A user's page as an admin's dashboard has one: rendered on the server, with the section below what it knows itself. */
export default async function UserPage({ params }: { params: Promise<{ id: string }> }) {
	const id = decodeURIComponent((await params).id);
	return (
		<main>
			<h1>User</h1>
			<dl>
				<dt>Id</dt>
				<dd>{id}</dd>
			</dl>
			<Gastown userId={id} townwatch={process.env.TOWNWATCH_URL ?? ""} />
			<nav>
				<Link href="/admin/users/nobody">Another user</Link> <Link href="/admin">All users</Link>
			</nav>
		</main>
	);
}
