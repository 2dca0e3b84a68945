/** SHA-256 without waiting: the rules of the page and of the town compare hashes in the middle of a turn. */

const fraction = (root: number): number => Math.floor((root - Math.floor(root)) * 2 ** 32);
const PRIMES = Array.from({ length: 312 }, (_, n) => n).filter(
	(n) => n > 1 && !Array.from({ length: n }, (_, d) => d).some((d) => d > 1 && n % d === 0),
);
const ROUNDS = PRIMES.slice(0, 64).map((prime) => fraction(Math.cbrt(prime)));
const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));

const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** The text with its length behind it, in blocks of sixteen words. */
function padded(text: string): DataView {
	const bytes = new TextEncoder().encode(text);
	const view = new DataView(new ArrayBuffer(((bytes.length + 72) >> 6) << 6));
	for (const [n, byte] of bytes.entries()) view.setUint8(n, byte);
	view.setUint8(bytes.length, 0x80);
	view.setBigUint64(view.byteLength - 8, BigInt(bytes.length) * 8n);
	return view;
}

function schedule(view: DataView, offset: number): number[] {
	const words = Array.from({ length: 16 }, (_, n) => view.getUint32(offset + n * 4));
	for (let n = 16; n < 64; n++) {
		const [a = 0, b = 0] = [words[n - 15], words[n - 2]];
		const small = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
		const large = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
		words.push(((words[n - 16] ?? 0) + small + (words[n - 7] ?? 0) + large) | 0);
	}
	return words;
}

function mixed(state: readonly number[], words: readonly number[]): number[] {
	let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
	for (const [n, word] of words.entries()) {
		const choice = (e & f) ^ (~e & g);
		const first = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + (ROUNDS[n] ?? 0) + word) | 0;
		const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
		[h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
	}
	return [a, b, c, d, e, f, g, h];
}

/** 64 hex digits of a text as UTF-8. */
export function sha256(text: string): string {
	const view = padded(text);
	let state = START;
	for (let offset = 0; offset < view.byteLength; offset += 64) {
		const next = mixed(state, schedule(view, offset));
		state = state.map((word, n) => (word + (next[n] ?? 0)) | 0);
	}
	return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
