import { useEffect, useRef } from "react";
import { findingKey } from "../../shared/diagnosis/finding.ts";
import { connectionLook, plural, useAnnounce } from "../ui/index.ts";
import { useOpenTown } from "./open-town.ts";

/** Says at once what must not be missed: a new critical finding, blind, refused, back again; the rest as a digest. */
export function Announcements() {
	const { diagnosis, connection, batches, name } = useOpenTown();
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
	const told = useRef(0);
	const newest = batches.at(-1)?.to ?? 0;
	useEffect(() => {
		if (told.current > 0 && newest > told.current)
			announce.digest("changes", plural(newest - told.current, "change"));
		if (told.current === 0) told.current = newest;
	}, [newest, announce]);
	return null;
}
