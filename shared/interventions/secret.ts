import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** A shorter one could be guessed from its fingerprint. */
const GUESSABLE = 20;

/** What may be kept of a secret (LEDGER-14). */
export type ShownSecret = { fingerprint: string | null; length: number };

export const shownSecret = (secret: string): ShownSecret => ({
	fingerprint: secret.length < GUESSABLE ? null : bytesToHex(sha256(utf8ToBytes(secret))).slice(0, 8),
	length: secret.length,
});
