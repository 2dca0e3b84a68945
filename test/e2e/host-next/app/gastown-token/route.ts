export const dynamic = "force-dynamic";

/** A real dashboard gives the Access token of who looks, for the console's application. */
export function GET() {
	const token = process.env.ADMIN_TOKEN;
	return token ? new Response(token) : new Response("nobody is signed in", { status: 401 });
}
