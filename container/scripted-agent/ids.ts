import { randomBytes } from "node:crypto";

let last = 0;

/** Ascending ids as the SDK's servers make them: 12 hex digits of time and counter, then chance. */
export function newId(prefix: "ses" | "msg" | "prt" | "evt" | "per"): string {
	last = Math.max(last + 1, Date.now() * 0x1000);
	return `${prefix}_${(last % 2 ** 48).toString(16).padStart(12, "0")}${randomBytes(7).toString("hex")}`;
}
