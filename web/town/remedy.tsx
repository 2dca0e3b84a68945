import type { Finding } from "../../shared/diagnosis/finding.ts";
import { CATALOGUE, takesSecret, targetIn } from "../../shared/interventions/index.ts";
import { IN_VAIN, pressedInVain } from "../ledger/in-vain.ts";
import { storiesOf } from "../ledger/stories-of.ts";
import { ActionButton } from "../ui/index.ts";
import { useOpenTown } from "./open-town.ts";
import { useAct } from "./use-act.ts";

/** The remedy of a finding, its parameters filled in: one button, of several steps too (LEDGER-9); steps that this console cannot do yet are said. */
export function Remedy({ finding, primary }: { finding: Finding; primary: boolean }) {
	const { id: town, ledger } = useOpenTown();
	const stories = storiesOf(ledger);
	if (finding.remedy.length === 0) return null;
	const inVain = Math.max(
		...finding.remedy.map((step) =>
			pressedInVain(stories, finding, { ...step, target: targetIn(town, step) }),
		),
	);
	return (
		<>
			{inVain >= IN_VAIN ? (
				<p className="w-full text-tone-warn text-xs">
					Pressed {inVain} times, and it did not help. Look for another cause first.
				</p>
			) : null}
			<Steps finding={finding} primary={primary && inVain < IN_VAIN} />
		</>
	);
}

function Steps({ finding, primary }: { finding: Finding; primary: boolean }) {
	const { consider, considerAll, press } = useAct();
	const { id: town } = useOpenTown();
	const apart = finding.remedy.some(takesSecret);
	const whole = finding.remedy.length > 1 && !apart ? considerAll(finding.remedy, finding) : null;
	if (whole)
		return (
			<ActionButton
				label={whole.label}
				danger={whole.danger}
				reason={whole.reason}
				primary={primary}
				onPress={() => press(whole)}
			/>
		);
	return finding.remedy.map((step, at) => {
		const entry = CATALOGUE[step.name];
		const key = `${step.name} ${step.target}`;
		if (!entry)
			return (
				<span key={key} className="text-tone-quiet text-xs">
					Remedy: {step.name.replace(".", ", ").replaceAll("-", " ")}; not yet possible from here
				</span>
			);
		const target = { kind: entry.target, id: targetIn(town, step) };
		const considered = consider(step.name, target, step.params, finding);
		return considered ? (
			<ActionButton
				key={key}
				label={considered.label}
				danger={considered.danger}
				reason={considered.reason}
				primary={primary && at === 0}
				onPress={() => press(considered)}
				className="!h-auto min-h-6.5 max-w-full whitespace-normal py-1 text-left leading-4"
			/>
		) : null;
	});
}
