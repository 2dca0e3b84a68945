import { redactDeep } from "../../shared/redaction/index.ts";

/** What is shown of a JSON text. */
export type Clean = (text: string) => string;

/** Our own writes are redacted before they are stored (FEED-6). */
export const asStored: Clean = (text) => text;

/** A host's are not: what looks like a secret is taken out of what is logged and shown; the same text where nothing does. */
export const redactRow: Clean = (text) => {
	const value: unknown = JSON.parse(text);
	const shown = redactDeep(value);
	return shown === value ? text : JSON.stringify(shown);
};
