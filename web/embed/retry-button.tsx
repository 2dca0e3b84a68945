import { Button } from "@cloudflare/kumo/components/button";

/** Reads again; `what` says what for, to those who hear the page. */
export function RetryButton({ onClick, what }: { onClick(): void; what: string }) {
	return (
		<Button size="sm" variant="outline" onClick={onClick} aria-label={`Try ${what} again`}>
			Try again
		</Button>
	);
}
