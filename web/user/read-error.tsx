import { ReadFailed } from "../http.ts";
import { ErrorPanel } from "../ui/none.tsx";

type Props = { what: string; error: Error; again(): void; busy?: boolean };

/** One read over HTTP failed: what, why, status, request id, when, and Try again (design-ui §4, Error). */
export function ReadError({ what, error, again, busy }: Props) {
	const failed = error instanceof ReadFailed ? error : null;
	return (
		<ErrorPanel
			what={what}
			message={error.message}
			code={failed?.status ? `status ${failed.status}` : null}
			requestId={failed?.requestId}
			at={failed?.at ?? Date.now()}
			onAgain={again}
			busy={busy}
		/>
	);
}
