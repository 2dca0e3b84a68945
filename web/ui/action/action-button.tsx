import { Button } from "@cloudflare/kumo/components/button";
import { Tooltip } from "@cloudflare/kumo/components/tooltip";
import { useId } from "react";
import type { Danger } from "../../../shared/interventions/catalogue-entry.ts";

type Props = {
	/** Verb and object: `Reset Toast`. */
	label: string;
	danger: Danger;
	/** Why it cannot be done now: the button stays visible, focusable and readable. */
	reason: string | null;
	onPress(): void;
	/** The one filled button in view (P5). */
	primary?: boolean;
	size?: "sm" | "base";
	className?: string;
};

/** `…` says that a sheet comes first; what is safe is done by the one click. */
const actionLabel = (label: string, danger: Danger): string => (danger === "safe" ? label : `${label}…`);

/** A button that says why it does not act, instead of being dead (design-ui §5). */
export function ActionButton({
	label,
	danger,
	reason,
	onPress,
	primary = false,
	size = "sm",
	className = "",
}: Props) {
	const describedBy = useId();
	const button = (
		<Button
			size={size}
			variant={primary && reason === null ? "primary" : "outline"}
			aria-disabled={reason === null ? undefined : true}
			aria-describedby={reason === null ? undefined : describedBy}
			data-danger={danger}
			onClick={() => {
				if (reason === null) onPress();
			}}
			className={`max-md:!h-auto max-md:!min-h-11 ${reason === null ? "" : "!cursor-not-allowed !border-dashed !bg-transparent !text-tone-quiet hover:!text-tone-quiet"} ${className}`}
		>
			{actionLabel(label, danger)}
		</Button>
	);
	if (reason === null) return button;
	return (
		<>
			<Tooltip content={reason} render={button} />
			<span id={describedBy} className="sr-only">
				{reason}
			</span>
		</>
	);
}
