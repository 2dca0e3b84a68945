import { directoryOf } from "../directory/index.ts";
import { Agenda, sqlOf } from "../live-ops/index.ts";
import { logFailure } from "../log.ts";
import { townStub } from "../stubs.ts";
import { Access } from "./access.ts";
import { Admission } from "./admission.ts";
import { Broadcast } from "./broadcast.ts";
import { Disclosures } from "./disclosures.ts";
import { type Feed, Feeds, TOWN_FEED } from "./feeds.ts";
import { Greeting } from "./greeting.ts";
import { joinMs } from "./joiner.ts";
import { Doing } from "./ledger/doing.ts";
import { Interventions } from "./ledger/interventions.ts";
import { Ledger } from "./ledger/ledger.ts";
import { Outbox } from "./ledger/outbox.ts";
import { Proofs } from "./ledger/proofs.ts";
import { Remedies } from "./ledger/remedies.ts";
import { Meta } from "./meta.ts";
import { Presence } from "./presence.ts";
import { Pump } from "./pump.ts";
import { Requests } from "./requests.ts";
import { RightsCache } from "./rights-cache.ts";
import type { Viewer, Viewers } from "./viewer.ts";

/** Holds the town's feed open while proofs are awaited. */
const FOR_PROOFS = "proofs";

export type SessionOptions = {
	ctx: DurableObjectState;
	env: Env;
	/** Epoch milliseconds. */
	clock: () => number;
	random: () => number;
	/** How long a feed stays open after its last follower, milliseconds. */
	lingerMs: () => number;
	/** How long what is not safe can be cancelled, milliseconds (LEDGER-7). */
	cancelMs: () => number;
};

/** Makes the parts of a session and ties them together; each part has its own rules and knows only what it is handed. */
export function makeParts({ ctx, env, clock, random, lingerMs, cancelMs }: SessionOptions, viewers: Viewers) {
	const sql = sqlOf(ctx.storage);
	const meta = new Meta(sql);
	const agenda = new Agenda(ctx, sql, clock);
	const town = () => {
		const id = ctx.id.name ?? meta.get("town");
		if (!id) throw new Error("a session is reached by its town's name");
		return id;
	};
	const stub = () => townStub(env, town());
	const seq = () => feeds.get(TOWN_FEED)?.tail.head?.seq ?? 0;
	const joinedMs = () => joinMs([...viewers.values()].reduce((sum, { readers }) => sum + readers.size, 0));
	const broadcast = new Broadcast(viewers);

	const feeds: Feeds = new Feeds({
		env,
		town,
		clock,
		random,
		lingerMs,
		joinMs: joinedMs,
		on: {
			frame(feed, frame) {
				pump.deliver(viewers.values(), feed, frame);
				if (feed.name === TOWN_FEED) proofs.frame(frame.text);
			},
			restarted(feed: Feed) {
				pump.restarted(viewers.values(), feed);
				if (feed.name === TOWN_FEED)
					proofs.lookUp().catch((error: unknown) => logFailure("proofs", {}, error));
			},
			pulse: (text) => broadcast.pulse(text),
			changed() {
				presence.changed();
				for (const viewer of viewers.values()) pump.run(viewer);
			},
		},
	});
	const gone = (viewer: Viewer) => !viewers.has(viewer.socket);
	const pump = new Pump(feeds, {
		gone,
		lagging: (viewer) => presence.lagging(viewer),
	});
	const presence = new Presence({
		clock,
		viewers: () => viewers.values(),
		feeds: () => feeds.states,
		behind: (viewer) => pump.behind(viewer),
		joinedMs,
	});
	// A wake writes entries before there are remedies, which then look at the ledger by themselves.
	let remedies: Remedies | undefined;
	const ledger = new Ledger({
		sql,
		clock,
		town,
		appended(entry) {
			outbox.plan();
			broadcast.entry(entry);
			remedies?.told(entry);
		},
	});
	const outbox = new Outbox({
		...{ ledger, db: env.DB, town, meta, agenda, clock },
		describe: () => stub().describe(),
	});
	const proofs = new Proofs({
		sql,
		agenda,
		ledger,
		clock,
		rows: (keys) => stub().rows(keys),
		hold: () => feeds.hold(TOWN_FEED, FOR_PROOFS, null),
		release: () => feeds.release(TOWN_FEED, FOR_PROOFS),
		seq,
	});
	const disclosures = new Disclosures({ sql, ledger });
	const access = new Access({
		...{ sql, ledger, agenda, clock, viewers: () => viewers.values() },
		over: (id) => disclosures.over(id),
	});
	const rights = new RightsCache(directoryOf(env), clock);
	const doing = new Doing({ ledger, proofs, agenda, clock, sql, town: stub });
	const interventions = new Interventions({
		...{ ledger, doing, agenda, clock, sql, rights, town: stub, seq, cancelMs },
	});
	remedies = new Remedies({ ledger, interventions, agenda, clock, sql, cancelMs });
	const admission = new Admission({
		sql,
		secret: env.TICKET_SECRET,
		clock,
		rights,
		socketsOf: (admin) => [...viewers.values()].filter((viewer) => viewer.admin.id === admin).length,
		refused: (...refusal) => access.refused(...refusal),
	});
	const requests = new Requests({
		env,
		town,
		townStub: stub,
		clock,
		feeds,
		pump,
		presence,
		ledger,
		disclosures,
		interventions,
		remedies,
		rights,
		admission,
		gone,
	});
	const greeting = new Greeting({
		clock,
		meta,
		describe: () => stub().describe(),
		feeds,
		pump,
		presence,
		access,
		requests,
		pulse: () => broadcast.newestPulse,
		gone,
	});
	return {
		meta,
		agenda,
		town,
		feeds,
		pump,
		presence,
		ledger,
		outbox,
		proofs,
		doing,
		interventions,
		remedies,
		access,
		rights,
		admission,
		requests,
		greeting,
	};
}
export type Parts = ReturnType<typeof makeParts>;
