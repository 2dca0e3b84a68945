import { ArrowCounterClockwiseIcon } from "@phosphor-icons/react/ArrowCounterClockwise";
import { ArrowsClockwiseIcon } from "@phosphor-icons/react/ArrowsClockwise";
import { CheckCircleIcon } from "@phosphor-icons/react/CheckCircle";
import { CircleIcon } from "@phosphor-icons/react/Circle";
import { CircleDashedIcon } from "@phosphor-icons/react/CircleDashed";
import { CircleHalfIcon } from "@phosphor-icons/react/CircleHalf";
import { ClockIcon } from "@phosphor-icons/react/Clock";
import { ClockCounterClockwiseIcon } from "@phosphor-icons/react/ClockCounterClockwise";
import { EyeIcon } from "@phosphor-icons/react/Eye";
import { EyeSlashIcon } from "@phosphor-icons/react/EyeSlash";
import { HourglassIcon } from "@phosphor-icons/react/Hourglass";
import { MinusCircleIcon } from "@phosphor-icons/react/MinusCircle";
import { MoonIcon } from "@phosphor-icons/react/Moon";
import { NotEqualsIcon } from "@phosphor-icons/react/NotEquals";
import { PauseCircleIcon } from "@phosphor-icons/react/PauseCircle";
import { ProhibitIcon } from "@phosphor-icons/react/Prohibit";
import { QuestionIcon } from "@phosphor-icons/react/Question";
import { RecordIcon } from "@phosphor-icons/react/Record";
import { WarningIcon } from "@phosphor-icons/react/Warning";
import { XCircleIcon } from "@phosphor-icons/react/XCircle";

/** How a state reads by itself; only a finding raises an alarm (P6). */
export type Tone = "quiet" | "active" | "good" | "warn" | "bad" | "human" | "past";

/** One sign has one meaning in every family (design-ui §3). `text` is for titles, exports and prints. */
export const SIGNS = {
	open: { icon: CircleIcon, text: "○", filled: false },
	held: { icon: CircleDashedIcon, text: "◌", filled: false },
	underWay: { icon: CircleHalfIcon, text: "◐", filled: false },
	changing: { icon: ArrowsClockwiseIcon, text: "↻", filled: false },
	running: { icon: RecordIcon, text: "●", filled: true },
	review: { icon: EyeIcon, text: "◉", filled: false },
	waiting: { icon: HourglassIcon, text: "⋈", filled: false },
	done: { icon: CheckCircleIcon, text: "✓", filled: true },
	failed: { icon: XCircleIcon, text: "✕", filled: true },
	warning: { icon: WarningIcon, text: "▲", filled: true },
	late: { icon: ClockIcon, text: "◷", filled: false },
	paused: { icon: PauseCircleIcon, text: "‖", filled: false },
	asleep: { icon: MoonIcon, text: "☾", filled: false },
	refused: { icon: ProhibitIcon, text: "⊘", filled: false },
	gone: { icon: MinusCircleIcon, text: "⊖", filled: false },
	differs: { icon: NotEqualsIcon, text: "≠", filled: false },
	unknown: { icon: QuestionIcon, text: "?", filled: false },
	unseen: { icon: EyeSlashIcon, text: "⦸", filled: false },
	undone: { icon: ArrowCounterClockwiseIcon, text: "↶", filled: false },
	past: { icon: ClockCounterClockwiseIcon, text: "⟲", filled: false },
} as const;
export type SignName = keyof typeof SIGNS;

/** What a value looks like: sign, word, tone. */
export type Look = { sign: SignName; word: string; tone: Tone };

export const look = (sign: SignName, word: string, tone: Tone): Look => ({ sign, word, tone });

/** A value that is in no table of design-ui §3 is shown as it came. */
export const unknownLook = (value: unknown): Look =>
	look("unknown", value === null || value === undefined || value === "" ? "not seen" : String(value), "warn");

/** Text colour of each tone, spelled out so that Tailwind finds them. */
export const TONE_TEXT: Record<Tone, string> = {
	quiet: "text-tone-quiet",
	active: "text-tone-active",
	good: "text-tone-good",
	warn: "text-tone-warn",
	bad: "text-tone-bad",
	human: "text-tone-human",
	past: "text-tone-past",
};

export const TONE_TINT: Record<Tone, string> = {
	quiet: "bg-tone-quiet-tint",
	active: "bg-tone-active-tint",
	good: "bg-tone-good-tint",
	warn: "bg-tone-warn-tint",
	bad: "bg-tone-bad-tint",
	human: "bg-tone-human-tint",
	past: "bg-tone-past-tint",
};
