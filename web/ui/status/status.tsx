import { createContext, useContext } from "react";
import { type Look, SIGNS, type SignName, TONE_TEXT, type Tone } from "./signs.ts";

/** False inside a gate whose feed is not live: signs keep their word and lose their fill (design-ui §4). */
export const FreshContext = createContext(true);

/** The sign alone, hidden from speech: its word stands beside it or is said by the element that holds it. */
export function Sign({ name, tone, size = 16 }: { name: SignName; tone: Tone; size?: 12 | 16 | 20 }) {
	const fresh = useContext(FreshContext);
	const { icon: Icon, filled } = SIGNS[name];
	return (
		<Icon
			size={size}
			weight={filled && fresh ? "fill" : "bold"}
			aria-hidden
			data-sign={name}
			className={`shrink-0 ${TONE_TEXT[tone]}`}
		/>
	);
}

/** Sign, word, tone: the only way that a state is shown. */
export function Status({ look, className = "" }: { look: Look; className?: string }) {
	return (
		<span
			className={`inline-flex max-w-full min-w-0 items-center gap-1.5 align-top ${TONE_TEXT[look.tone]} ${className}`}
			data-status={look.word}
			data-tone={look.tone}
		>
			<Sign name={look.sign} tone={look.tone} />
			<span className="truncate">{look.word}</span>
		</span>
	);
}

/** A finding's mark in the 16 px gutter left of a row, apart from the row's own status. */
export function FindingSign({ severity }: { severity: "critical" | "warning" }) {
	const critical = severity === "critical";
	return (
		<span className="inline-flex w-4 shrink-0" title={critical ? "Has a critical finding" : "Has a warning"}>
			<Sign name={critical ? "failed" : "warning"} tone={critical ? "bad" : "warn"} />
			<span className="sr-only">{critical ? "Critical finding" : "Warning"}</span>
		</span>
	);
}
