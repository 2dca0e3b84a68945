import { existsSync } from "node:fs";
import { TOWN_TABLES } from "../shared/gastown/index.ts";
import { conform, tableOf } from "../test/conformance/kit/run.ts";
import { openConsole } from "../test/conformance/run/console-line.ts";
import { runModule } from "../test/conformance/run/module.ts";
import { openSocket } from "../test/conformance/run/socket-line.ts";

const USAGE = `npm run conformance -- URL|MODULE

Tries FEED-1 to FEED-6 and STREAM-1 to STREAM-3 of SPEC.md on a feed, and prints what was tried and what came instead.
  ws://… or wss://…          a feed socket, as an object serves it at /live-ops/feed
  https://CONSOLE/towns/ID   a town as a console shows it; it is opened, which its ledger records
  path/to/module.ts          a module that exports TownDO and, if it likes, AgentDO and tables; it is run in workerd
CONFORMANCE_TOKEN: for ws, sent as "Authorization: Bearer"; for a console, the Cloudflare Access token of an admin.
An address is only read: rules that need a write are "not tried". Exit code 0: nothing failed. 1: something did. 2: wrong use.`;

async function main([what]: string[]): Promise<number> {
	const token = process.env.CONFORMANCE_TOKEN ?? "";
	if (what === undefined) {
		console.error(USAGE);
		return 2;
	}
	const read = { tables: TOWN_TABLES };
	const findings = /^wss?:/.test(what)
		? await conform({ ...read, open: (subscriber) => openSocket(what, subscriber, token) })
		: /^https?:/.test(what)
			? await conform({ ...read, open: () => openConsole(what, token) })
			: existsSync(what)
				? await runModule(what)
				: null;
	if (!findings) {
		console.error(`There is no module ${what}.\n\n${USAGE}`);
		return 2;
	}
	console.log(tableOf(findings));
	return findings.some(({ outcome }) => outcome === "failed") ? 1 : 0;
}

// What broke a rule may have left its sockets open.
process.exit(await main(process.argv.slice(2)));
