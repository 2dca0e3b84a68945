export default function UsersPage() {
	return (
		<main>
			<h1>All users</h1>
		</main>
	);
}
