import { Button } from "@cloudflare/kumo/components/button";
import { useEffect, useState } from "react";
import { copy } from "../ui/copy.ts";

/** Copies the address of what is shown (P7); says so for a second. */
export function CopyLink({ href, label = "Copy link" }: { href?: string; label?: string }) {
	return <CopyButton label={label} text={() => new URL(href ?? location.href, location.href).href} />;
}

/** Copies `text`; says Copied, or that the browser refused, for a second and a half. */
export function CopyButton({ label, text }: { label: string; text(): string }) {
	const [told, setTold] = useState<string | null>(null);
	useEffect(() => {
		if (told === null) return;
		const timer = setTimeout(() => setTold(null), 1_500);
		return () => clearTimeout(timer);
	}, [told]);
	return (
		<Button
			size="sm"
			variant="outline"
			onClick={() =>
				void copy(text()).then((done) => setTold(done ? "Copied" : "Not copied: the browser refused"))
			}
		>
			<span aria-live="polite">{told ?? label}</span>
		</Button>
	);
}
