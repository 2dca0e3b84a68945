import { Button } from "@cloudflare/kumo/components/button";
import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { type CheckPart, type LedgerCheck, ledgerCheck, resultOf } from "../../shared/ledger/check.ts";
import { ledgerRow } from "../../shared/ledger/export.ts";
import { readJson } from "../http.ts";
import { CopyButton } from "../routes/copy-link.tsx";
import { count, type Look, look, Status, Time } from "../ui/index.ts";
import { ReadError } from "../user/read-error.tsx";
import { verifyHere } from "./verify-here.ts";

const rowsAnswer = z.object({ rows: z.array(ledgerRow) });

const PARTS: Record<CheckPart["part"], string> = {
	chain: "Chain",
	mirror: "Copy in D1",
	heads: "Head of the copy",
	search: "Search",
	receipts: "Receipts of the town",
};

/** What the server compares, and what this browser hashes itself. */
const checkRead = (town: string) => ({
	queryKey: ["ledger-check", town],
	queryFn: async ({ signal }: { signal: AbortSignal }) => {
		const path = `/api/towns/${encodeURIComponent(town)}/ledger`;
		const [check, here] = await Promise.all([
			readJson(ledgerCheck, `${path}/check`, { signal }),
			verifyHere(town, async (n) => (await readJson(rowsAnswer, `${path}/rows?after=${n}`, { signal })).rows),
		]);
		return { check, here };
	},
	enabled: false,
	gcTime: 0,
});

/** Checks a town's ledger against every other record of it, on request, and exports it (LEDGER-4). */
export function CheckLedger({ town }: { town: string }) {
	const { data, error, isFetching, refetch } = useQuery(checkRead(town));
	const path = `/api/towns/${encodeURIComponent(town)}/ledger`;
	const check = () => void refetch();
	return (
		<section aria-label="Check of the ledger" className="flex flex-col gap-1 px-4 py-2">
			<div className="flex flex-wrap items-center gap-x-3 gap-y-1">
				<Button size="sm" variant="outline" loading={isFetching} onClick={check}>
					{data || error ? "Check again" : "Check the chain"}
				</Button>
				<ExportLink href={`${path}/export.jsonl`}>Export, to verify (JSON Lines)</ExportLink>
				<ExportLink href={`${path}/export.csv`}>Export, to read (CSV)</ExportLink>
			</div>
			{isFetching ? (
				<div role="status">
					<Status look={look("changing", "Checking each entry", "active")} />
				</div>
			) : error ? (
				<ReadError what="The check" error={error} again={check} />
			) : data ? (
				<Found {...data} />
			) : null}
		</section>
	);
}

export const ExportLink = ({ href, children }: { href: string; children: React.ReactNode }) => (
	<a href={href} download className="inline-flex min-h-6 items-center text-tone-active hover:underline">
		{children}
	</a>
);

function Found({ check, here }: { check: LedgerCheck; here: Omit<CheckPart, "part"> }) {
	const { parts, head, at } = check;
	const result = resultOf([...parts, { ...here, part: "chain" }]);
	const last = head ? `${head.n}:${head.hash}` : null;
	return (
		<div role="status" data-check={result} className="flex flex-col gap-1">
			<p className="flex flex-wrap items-center gap-x-3">
				<Status look={wholeLook(result, head?.n ?? 0)} className="font-medium" />
				<span className="text-tone-quiet">
					checked <Time at={Date.parse(at)} dated />
				</span>
			</p>
			<dl className="grid grid-cols-[160px_minmax(0,1fr)] gap-x-3 gap-y-0.5 max-md:grid-cols-1">
				<Told name="In this browser" {...here} />
				{parts.map((part) => (
					<Told key={part.part} name={PARTS[part.part]} {...part} />
				))}
			</dl>
			{last ? (
				<p className="flex flex-wrap items-center gap-x-3 text-tone-quiet">
					<span>
						Head <code className="break-all font-mono text-xs">{last}</code>: kept elsewhere, it shows a
						ledger that was cut or rewritten with all its copies.
					</span>
					<CopyButton label="Copy the head" text={() => last} />
				</p>
			) : null}
		</div>
	);
}

function Told({ name, result, message }: { name: string } & Omit<CheckPart, "part">) {
	return (
		<>
			<dt className="text-tone-quiet">{name}</dt>
			<dd>
				<Status look={partLook(result, message)} />
			</dd>
		</>
	);
}

const partLook = (result: CheckPart["result"], message: string): Look =>
	result === "ok"
		? look("done", message, "good")
		: result === "fault"
			? look("failed", message, "bad")
			: look("unknown", `Not read: ${message}`, "warn");

function wholeLook(result: LedgerCheck["result"], n: number): Look {
	if (result === "fault") return look("failed", "The ledger has a fault", "bad");
	if (result === "unread") return look("unknown", "Not known: not everything could be read", "warn");
	return look("done", n === 0 ? "Whole: no entries yet" : `Whole: entries 1 to ${count(n)}`, "good");
}
