import { type Finding, findingKey } from "../../shared/diagnosis/finding.ts";

/**
 * The root finding after the one that was visited last, round and round; not every subject has an address of its own, so
 * the address alone cannot tell. Without one, after that of what is open: `kind:id`.
 */
export function nextRoot(
	findings: readonly Finding[],
	visited: string | null,
	open: string | null,
): Finding | undefined {
	const roots = findings.filter(({ because }) => because === null);
	const last = roots.findIndex((finding) => findingKey(finding) === visited);
	const isOpen = ({ subject }: Finding) =>
		`${subject.kind === "mayor" ? "agent" : subject.kind}:${subject.id}` === open;
	const at = last === -1 ? roots.findIndex(isOpen) : last;
	return roots[(at + 1) % Math.max(1, roots.length)];
}
