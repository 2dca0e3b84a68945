import { Button } from "@cloudflare/kumo/components/button";
import { dateTime, look, Status } from "../ui/index.ts";
import { ReadFailed } from "./http.ts";

type Props = { what: string; error: Error; again(): void; busy?: boolean };

/** One read failed: what, why, status, request id, when, and Try again (design-ui §4, Error). */
export function ReadError({ what, error, again, busy = false }: Props) {
	const failed = error instanceof ReadFailed ? error : null;
	return (
		<div role="alert" className="flex flex-col items-start gap-1 rounded-sm bg-tone-bad-tint px-3 py-2">
			<Status look={look("failed", `Error ${what}`, "bad")} />
			<p>{error.message}</p>
			<p className="text-tone-quiet text-xs">
				{[
					failed?.status ? `status ${failed.status}` : null,
					failed?.requestId ? `request ${failed.requestId}` : null,
					failed ? dateTime(failed.at) : null,
				]
					.filter(Boolean)
					.join(" · ")}
			</p>
			<Button size="sm" variant="outline" loading={busy} onClick={again}>
				Try again
			</Button>
		</div>
	);
}
