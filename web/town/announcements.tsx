import { useEffect, useRef } from "react";
import { findingKey } from "../../shared/diagnosis/finding.ts";
import { armedOf } from "../ledger/armed.ts";
import { storiesOf } from "../ledger/stories-of.ts";
import { connectionLook } from "../ui/feed/words.ts";
import { useAnnounce } from "../ui/index.ts";
import { digestOf } from "./digest.ts";
import { useOpenTown } from "./open-town.ts";

/** Says at once what must not be missed: a new critical finding, blind, refused, back again; the rest as a digest. */
export function Announcements() {
	const { diagnosis, connection, batches, name, ledger, viewers, me, client } = useOpenTown();
	const announce = useAnnounce();
	const known = useRef<ReadonlySet<string> | null>(null);
	useEffect(() => {
		if (diagnosis.light === "unknown") return;
		const critical = diagnosis.findings.filter(
			({ severity, because }) => severity === "critical" && because === null,
		);
		const before = known.current;
		known.current = new Set(critical.map(findingKey));
		if (before === null) return;
		for (const finding of critical)
			if (!before.has(findingKey(finding))) announce.now(`New critical finding: ${finding.sentence}`);
	}, [diagnosis, announce]);
	const was = useRef(connection.is);
	useEffect(() => {
		const before = was.current;
		was.current = connection.is;
		if (before === connection.is) return;
		const lost = connection.is === "blind" || connection.is === "refused";
		const back = connection.is === "live" && (before === "blind" || before === "reconnecting");
		if (lost || back) announce.now(`${name}: ${connectionLook(connection).word}`);
	}, [connection, announce, name]);
	const counted = useRef(new Set<string>());
	useEffect(() => {
		const mine = viewers.find(({ id }) => id === me)?.admin;
		for (const { of, admin, who, what, due } of armedOf(storiesOf(ledger))) {
			if (counted.current.has(of)) continue;
			counted.current.add(of);
			const seconds = Math.max(0, Math.ceil((due - client.sessionNow()) / 1_000));
			announce.now(
				admin === mine
					? `${what} in ${seconds} seconds, Escape cancels`
					: `${who}: ${what} in ${seconds} seconds. It can be cancelled at the bottom of the page`,
			);
		}
	}, [ledger, viewers, me, client, announce]);
	const told = useRef(0);
	const newest = batches.at(-1)?.to ?? 0;
	useEffect(() => {
		if (newest <= told.current) return;
		announce.digest("changes", () => {
			const words = digestOf(batches, told.current);
			told.current = newest;
			return words;
		});
	}, [newest, batches, announce]);
	return null;
}
