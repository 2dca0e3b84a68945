import { Button } from "@cloudflare/kumo/components/button";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { look } from "../ui/status/signs.ts";
import { Status } from "../ui/status/status.tsx";
import { useTitle } from "./title.ts";

/** A page that failed while it was drawn: what it shows is nothing, and it says so (P2). */
export function BrokenPage({ error }: Pick<ErrorComponentProps, "error">) {
	useTitle("This page broke", "blind");
	return (
		<main role="alert" className="mx-auto flex min-h-full max-w-[480px] flex-col justify-center gap-3 px-4">
			<Status look={look("failed", "This page broke", "bad")} />
			<p>
				Nothing on it is seen any more, and nothing was done to the town by it. Load it again; if it breaks
				again, tell whoever runs this console what stands below.
			</p>
			<pre className="overflow-x-auto whitespace-pre-wrap rounded-sm bg-kumo-tint px-2 py-1 font-mono text-xs">
				{error instanceof Error ? error.message : String(error)}
			</pre>
			<div>
				<Button variant="primary" onClick={() => location.reload()}>
					Load again
				</Button>
			</div>
		</main>
	);
}
