import { Button } from "@cloudflare/kumo/components/button";
import { Input, InputArea } from "@cloudflare/kumo/components/input";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import type { Danger, Preview, Verdict } from "../../../shared/interventions/catalogue-entry.ts";
import { Sign } from "../status/status.tsx";
import { ActionResult, type ActionTold } from "./action-result.tsx";

export type SheetPhase =
	| { is: "asking" }
	/** Proposed; its answer has not come. */
	| { is: "sending" }
	/** In the ledger, and done when its seconds end; `failed`: why it could not be cancelled. */
	| { is: "armed"; seconds: number; failed: string | null }
	/** Never reached the town: refused here, or the connection was lost. */
	| { is: "failed"; message: string }
	| { is: "told"; told: ActionTold };

type Props = {
	/** Verb and object: `Reset Toast`. */
	label: string;
	danger: Danger;
	preview: Preview;
	/** Of the precondition, computed anew at every change: where it breaks, its reason takes the button's place. */
	verdict: Verdict;
	/** Why nothing can be done at all now: the feed is not live. */
	blocked: string | null;
	reason: string;
	onReason(reason: string): void;
	/** What has to be typed where it cannot be undone: the target's name. */
	typed?: string;
	/** Fields of its parameters, and what of them has still to be filled in. */
	params?: ReactNode;
	missing?: string | null;
	phase: SheetPhase;
	onConfirm(): void;
	onClose(): void;
	/** Within its seconds (LEDGER-7). */
	onCancel(): void;
	/** Who else is about to do it. */
	notice?: ReactNode;
	/** After a refusal: show the preview of what is now. */
	onLookAgain(): void;
};

const List = ({ head, items }: { head: string; items: readonly string[] }) =>
	items.length === 0 ? null : (
		<div>
			<h4 className="text-xs font-medium text-tone-quiet">{head}</h4>
			<ul className="list-disc pl-4">
				{items.map((item) => (
					<li key={item}>{item}</li>
				))}
			</ul>
		</div>
	);

/**
 * What an intervention will do and will not, why, and the one confirmation (design-ui §5); then what became of it. It
 * docks at the bottom of the inspector and keeps the evidence in sight. Ctrl or Cmd with Enter confirms, Esc closes.
 */
export function ActionSheet(props: Props) {
	const { label, danger, verdict, blocked, phase, typed } = props;
	const [typedNow, setTypedNow] = useState("");
	const title = useId();
	const root = useRef<HTMLElement>(null);
	useEffect(() => {
		const opener = document.activeElement;
		root.current?.querySelector<HTMLElement>("textarea, input")?.focus();
		// Focus returns to the button that opened the sheet.
		return () => (opener instanceof HTMLElement && opener.isConnected ? opener.focus() : undefined);
	}, []);

	const armed = phase.is === "armed";
	// The button that was pressed is gone: the hand is on the one that takes it back.
	useEffect(() => {
		if (armed) root.current?.querySelector<HTMLElement>("[data-cancel]")?.focus();
	}, [armed]);

	const broken = blocked ?? (verdict.ok ? null : verdict.message);
	const asking = phase.is === "asking" || phase.is === "sending";
	const missing = props.missing
		? props.missing
		: props.reason.trim() === ""
			? "A reason is needed; it is recorded."
			: danger === "destructive" && typed !== undefined && typedNow.trim() !== typed
				? `Type ${typed} first.`
				: null;
	const ready = broken === null && missing === null && phase.is === "asking";
	const confirm = () => {
		if (ready) props.onConfirm();
	};

	return (
		<section
			ref={root}
			aria-labelledby={title}
			data-sheet={phase.is}
			className="flex max-h-[60%] shrink-0 flex-col border-t border-kumo-line bg-kumo-base text-sm shadow-[0_-4px_12px_rgb(0_0_0/0.12)]"
			onKeyDown={(event) => {
				if (event.key === "Escape") {
					event.stopPropagation();
					if (armed) props.onCancel();
					else props.onClose();
				} else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) confirm();
			}}
		>
			<div className="flex min-h-0 flex-col gap-3 overflow-y-auto p-4">
				<h3 id={title} className="text-lg font-semibold">
					{label}
				</h3>
				{props.notice}
				{phase.is === "armed" ? (
					<Countdown label={label} phase={phase} onCancel={props.onCancel} onClose={props.onClose} />
				) : asking ? (
					<>
						{props.params}
						<List head="Will" items={props.preview.will} />
						<List head="Will not" items={props.preview.wont} />
						<InputArea
							label="Reason (recorded)"
							value={props.reason}
							onValueChange={props.onReason}
							autoResize
							minRows={1}
							maxRows={4}
							disabled={phase.is === "sending"}
						/>
						{danger === "destructive" && typed !== undefined && (
							<Input
								size="sm"
								label={`Cannot be undone. Type ${typed} to go on`}
								value={typedNow}
								onChange={(event) => setTypedNow(event.target.value)}
								autoComplete="off"
							/>
						)}
					</>
				) : phase.is === "failed" ? (
					<p role="alert" className="flex items-start gap-2">
						<Sign name="refused" tone="warn" />
						<span>{phase.message}</span>
					</p>
				) : (
					<ActionResult told={phase.told} />
				)}
			</div>
			{/* What is pressed stays in sight, however much there is to read above it. */}
			<div
				className={
					armed
						? "hidden"
						: "flex shrink-0 flex-wrap items-center gap-2 border-t border-kumo-hairline px-4 py-3"
				}
			>
				{asking && broken !== null ? (
					<p role="alert" className="flex items-center gap-2 text-tone-warn" data-broken>
						<Sign name="refused" tone="warn" />
						{broken}
					</p>
				) : asking ? (
					<Button
						size="base"
						variant={missing !== null ? "outline" : danger === "destructive" ? "destructive" : "primary"}
						aria-disabled={missing !== null || undefined}
						className={missing === null ? "" : "cursor-not-allowed text-tone-quiet"}
						loading={phase.is === "sending"}
						onClick={confirm}
						aria-keyshortcuts="Control+Enter Meta+Enter"
					>
						{danger === "destructive" ? `${label} now` : label}
					</Button>
				) : null}
				{(phase.is === "failed" || (phase.is === "told" && phase.told.again)) && (
					<Button size="base" variant="outline" onClick={props.onLookAgain}>
						Look again
					</Button>
				)}
				<Button size="base" variant="ghost" onClick={props.onClose}>
					{asking ? "Cancel" : "Close result"}
				</Button>
				{asking && (
					<span className="text-xs text-tone-quiet">
						{broken === null && missing !== null ? missing : "Closing changes nothing."}
					</span>
				)}
			</div>
		</section>
	);
}

type CountdownProps = Pick<Props, "label" | "onCancel" | "onClose"> & {
	phase: Extract<SheetPhase, { is: "armed" }>;
};

/** The seconds in which it can be taken back; they are counted in the session, so that leaving the page stops nothing. */
const Countdown = ({ label, phase, onCancel, onClose }: CountdownProps) => (
	<div className="flex flex-col gap-2" data-countdown={phase.seconds}>
		<p>
			<span className="font-medium">
				{label} <span className="tabular-nums">in {phase.seconds} s</span>
			</span>
			<span className="text-tone-quiet">
				{" "}
				· all who watch see this and can cancel it; leaving the page does not
			</span>
		</p>
		{phase.failed === null ? null : <p role="alert">{phase.failed}</p>}
		<div className="flex gap-2">
			<Button size="base" variant="outline" data-cancel onClick={onCancel} aria-keyshortcuts="Escape">
				Cancel it
			</Button>
			<Button size="base" variant="ghost" onClick={onClose}>
				Hide; it goes on
			</Button>
		</div>
	</div>
);
