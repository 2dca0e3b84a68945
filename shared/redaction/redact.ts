import {
	ASSIGNMENT,
	BEARER,
	NAME_HINT,
	PRIVATE_KEY,
	REDACTED,
	TOKEN_HINT,
	TOKENS,
	URL_USER,
} from "./patterns.ts";

/** Names whose value is secret whatever it looks like. */
const ALWAYS = /^(?:proxy-)?authorization$|^(?:set-)?cookie$|api[-_]?key$/i;
/** Values that only point to a secret, or say that there is none. */
const REFERENCE =
	/^(?:$|[[({<$*%]|process\.|import\.|os\.|env\.|ctx\.|this\.|await |new |null|undefined|true|false|none)/i;
const LEAST = 6;

/**
 * Is this the value of a secret? An environment name (upper case) is believed for any value of six characters; other names
 * only when the value looks random, since code is full of `token = next()`.
 */
export function isSecret(name: string, value: string): boolean {
	if (value.length < LEAST || REFERENCE.test(value)) return false;
	if (name === name.toUpperCase() || ALWAYS.test(name)) return true;
	return value.length >= 12 && /^[\w.~+/=:-]+$/.test(value) && /\d/.test(value) && /[a-z]/i.test(value);
}

/** Behind the scheme's name alone. "Basic" is a word too, with paths behind it, whose pieces are shorter than a credential's. */
const isCredential = (scheme: string, value: string): boolean =>
	/\d/.test(value) && (/bearer/i.test(scheme) || /(?=[A-Za-z+]*\d)[A-Za-z0-9+]{16}/.test(value));

function assignment(whole: string, before: string, scheme: string | undefined, value: string): string {
	const [, name = ""] = /^([A-Za-z0-9_-]*)/.exec(before) ?? [];
	const quoted = /^(\\{0,2}["'])(.*?)(\\{0,2})$/s.exec(value);
	const [quote = "", inner = "", after = ""] = quoted ? quoted.slice(1) : ["", value];
	if (scheme ? inner.length < LEAST || REFERENCE.test(inner) : !isSecret(name, inner)) return whole;
	return `${before}${scheme ?? ""}${quote}${REDACTED}${after}`;
}

/** The text with every secret that a pattern knows replaced by `[redacted]` (FEED-6). Redacting twice changes nothing more. */
export function redact(text: string): string {
	let out = text;
	if (out.includes("-----BEGIN")) out = out.replace(PRIVATE_KEY, REDACTED);
	if (out.includes("://")) out = out.replace(URL_USER, `://${REDACTED}@`);
	if (TOKEN_HINT.test(out)) for (const pattern of TOKENS) out = out.replace(pattern, REDACTED);
	if (!NAME_HINT.test(out)) return out;
	out = out.replace(ASSIGNMENT, assignment);
	return out.replace(BEARER, (whole, scheme: string, value: string) =>
		isCredential(scheme, value) ? `${scheme}${REDACTED}` : whole,
	);
}
