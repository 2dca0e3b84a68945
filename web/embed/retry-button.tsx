import { ACTION } from "./host-link.tsx";

/** Reads again; `what` says what for, to those who hear the page. Kumo's own button is larger than all of the section. */
export function RetryButton({ onClick, what }: { onClick(): void; what: string }) {
	return (
		<button
			type="button"
			onClick={onClick}
			aria-label={`Try ${what} again`}
			className={`${ACTION} cursor-pointer bg-kumo-base`}
		>
			Try again
		</button>
	);
}
