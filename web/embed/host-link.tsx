import type { GastownPort } from "./port.ts";

/** A link that is pressed like a button. */
export const ACTION =
	"inline-flex h-6.5 items-center whitespace-nowrap rounded-md border border-kumo-line px-2 hover:bg-kumo-tint max-md:h-11";

type Props = { href: string; port: GastownPort; className: string; label?: string; children: string };

/** A link into the console: inside its own page by its router, from any other page beside it. */
export function HostLink({ href, port, className, label, children }: Props) {
	const { navigate } = port;
	if (!navigate)
		return (
			<a href={href} className={className} aria-label={label} target="_blank" rel="noopener">
				{children}
			</a>
		);
	return (
		<a
			href={href}
			className={className}
			aria-label={label}
			onClick={(event) => {
				if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
				event.preventDefault();
				navigate(href);
			}}
		>
			{children}
		</a>
	);
}
