import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { verifyExport } from "../shared/ledger/export.ts";

const USAGE = `npm run verify-ledger -- FILE [N:HASH]

Verifies an exported ledger (the JSON Lines form) on this machine alone. N:HASH is a head that was written down earlier,
as the check in the console shows it: it shows a file that was cut or rewritten together with its own heads.
Exit code 0: whole. 1: a fault, the first one is named. 2: the file cannot be read as an exported ledger.`;

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** Lines as JSON Lines has them: an entry's text may hold other characters that end a line elsewhere (U+2028). */
async function* linesOf(path: string): AsyncGenerator<string> {
	let rest = "";
	for await (const chunk of createReadStream(path, "utf8")) {
		const parts = (rest + chunk).split("\n");
		rest = parts.pop() ?? "";
		yield* parts;
	}
	if (rest !== "") yield rest;
}

/** Null for a text that is no head. */
function headOf(text: string): { n: number; hash: string } | null {
	const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text);
	return match ? { n: Number(match[1]), hash: match[2] ?? "" } : null;
}

async function main([path, mark]: string[]): Promise<number> {
	const noted = mark === undefined ? null : headOf(mark);
	if (path === undefined || (mark !== undefined && noted === null)) {
		console.error(USAGE);
		return 2;
	}
	const verdict = await verifyExport(linesOf(path), sha256, noted);
	if (verdict.is === "unreadable") {
		console.error(`Not readable: ${verdict.message}`);
		return 2;
	}
	if (verdict.is === "fault") {
		console.error(`Fault: ${verdict.message}`);
		return 1;
	}
	const { header, n, hash } = verdict;
	console.log(
		`Whole: ${n} entries of ${header.name ?? header.town} (${header.town}), as of ${header.exported_at}.`,
	);
	console.log(`Head ${n}:${hash}`);
	if (header.mirror_unread)
		console.log("The copy in D1 was not compared: it could not be read at the export.");
	else console.log(`The copy in D1 had entry ${header.mirror_head?.n ?? 0} then.`);
	return 0;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: Error) => {
	console.error(`Not readable: ${error.message}`);
	return 2;
});
