import type { RigCredential } from "../../shared/gastown/index.ts";
import { timeOf } from "../../shared/town-view/index.ts";
import { useOpenTown } from "../town/open-town.ts";
import { Ago, type Look, look, nothingRuns, Status, Time, useNow } from "../ui/index.ts";

type Props = {
	row: RigCredential | undefined;
	/** Key among the fingerprints that the container tells: a rig, `kilo` or `container`. */
	heldAs: string;
};

/** What is known of a credential now: is it good, until when, and does the container have the same? */
export function KnownFacts({ row, heldAs }: Props) {
	const { sight, container, past } = useOpenTown();
	const now = useNow();
	const held = nothingRuns(sight) ? undefined : (container?.fingerprints[heldAs] ?? null);
	const expires = timeOf(row?.expires_at);
	return (
		<>
			<dt className="text-tone-quiet">State</dt>
			<dd className="flex flex-wrap gap-x-3">
				<Status look={!row && held ? GIVEN : stateLook(row, now)} />
				<span>{row?.last_message ?? ""}</span>
			</dd>
			<dt className="text-tone-quiet">Resolved, verified</dt>
			<dd>
				<When at={row?.resolved_at} never="never seen" />, <When at={row?.verified_at} never="never seen" />
			</dd>
			<dt className="text-tone-quiet">Ends</dt>
			<dd>{expires === null ? "no end is known" : <Time at={expires} />}</dd>
			<dt className="text-tone-quiet">Fingerprint</dt>
			<dd className="flex flex-wrap gap-x-3">
				<code className="text-xs leading-5">{row?.fingerprint ?? "none known"}</code>
				{past ? (
					<span className="text-tone-quiet">what the container held is not kept</span>
				) : (
					<Held known={row?.fingerprint ?? null} held={held} />
				)}
			</dd>
		</>
	);
}

/** `undefined` where no container runs. Every process asks the container for the token each time it needs it. */
function Held({ known, held }: { known: string | null; held: string | null | undefined }) {
	if (held === undefined)
		return <span className="text-tone-quiet">no container runs that could hold it</span>;
	if (held === null) return <span className="text-tone-quiet">the container has told of none</span>;
	if (known === null) return <span>the container has {held}</span>;
	return held === known ? (
		<Status look={look("done", "the container has the same; its processes ask it each time", "good")} />
	) : (
		<Status look={look("warning", `the container has ${held}; its processes ask it each time`, "warn")} />
	);
}

const When = ({ at, never }: { at: string | null | undefined; never: string }) => {
	const time = timeOf(at);
	return time === null ? <span className="text-tone-quiet">{never}</span> : <Ago at={time} />;
};

const OUTCOMES: Record<string, Look> = {
	ok: look("done", "Good", "good"),
	failed: look("failed", "Failed", "bad"),
	revoked: look("failed", "Revoked", "bad"),
	unauthorized: look("failed", "Refused", "bad"),
};

/** As a journal names it. */
export const outcomeLook = (outcome: string): Look => OUTCOMES[outcome] ?? look("unknown", outcome, "warn");

/** The town mints the container's first token with its start and keeps nothing of it. */
const GIVEN = look("done", "Given with its start", "good");

function stateLook(row: RigCredential | undefined, now: number): Look {
	// One that the town makes itself is asked for of nobody.
	if (!row || (row.last_outcome === null && row.fingerprint === null))
		return look("unknown", "Not seen: it was never asked for", "quiet");
	const expires = timeOf(row.expires_at);
	if (row.failures_since_ok > 0)
		return look("failed", `Denied ${row.failures_since_ok} times since it last worked`, "bad");
	const good = row.last_outcome === null || row.last_outcome === "ok";
	if (good && expires !== null && expires <= now) return look("warning", "Expired", "warn");
	return row.last_outcome === null ? look("done", "Handed out", "good") : outcomeLook(row.last_outcome);
}
