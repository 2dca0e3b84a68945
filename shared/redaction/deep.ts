import { REDACTED } from "./patterns.ts";
import { isSecret, redact } from "./redact.ts";

const SECRET_NAME =
	/secret|token(?!s)|password|passwd|api[-_]?key|private[-_]?key|access[-_]?key|authorization|cookie/i;

/** Does this name tell that its value is a secret? */
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name);

/** Nothing that agents send nests deeper; what does is not shown. */
const DEEPEST = 64;

/**
 * The value with every string in it redacted, and strings under a name that tells a secret. The same object where nothing
 * had to be changed.
 */
export function redactDeep(value: unknown, redactText: (text: string) => string = redact): unknown {
	return walk(value, redactText, 0);
}

function walk(value: unknown, redactText: (text: string) => string, depth: number): unknown {
	if (typeof value === "string") return redactText(value);
	if (typeof value !== "object" || value === null) return value;
	if (depth > DEEPEST) return REDACTED;
	if (Array.isArray(value)) {
		let list: unknown[] | null = null;
		for (const [index, item] of value.entries()) {
			const next = walk(item, redactText, depth + 1);
			if (next === item) continue;
			list ??= [...value];
			list[index] = next;
		}
		return list ?? value;
	}
	let copy: Record<string, unknown> | null = null;
	for (const [key, item] of Object.entries(value)) {
		const hide = typeof item === "string" && isSecretName(key) && isSecret(key, item);
		const next = hide ? REDACTED : walk(item, redactText, depth + 1);
		if (next === item) continue;
		copy ??= { ...value };
		copy[key] = next;
	}
	return copy ?? value;
}
