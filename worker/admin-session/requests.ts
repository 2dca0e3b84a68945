import type { Followed, LedgerEntry, Pong, Question, RowsAnswer, Up } from "../../shared/protocol/index.ts";
import { logFailure } from "../log.ts";
import type { Refusal, TownRpc } from "../rpc.ts";
import { agentStub } from "../stubs.ts";
import type { Admission } from "./admission.ts";
import { type Disclosures, feedsOf } from "./disclosures.ts";
import { Refused } from "./failure.ts";
import { type Feed, type Feeds, TOWN_FEED } from "./feeds.ts";
import type { Interventions, Proposer } from "./ledger/interventions.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Remedies } from "./ledger/remedies.ts";
import { type Presence, shownTo } from "./presence.ts";
import type { Pump } from "./pump.ts";
import type { RightsCache } from "./rights-cache.ts";
import type { Viewer } from "./viewer.ts";

/** How long a follow waits for the first word of an agent's stream. */
const FOLLOW_MS = 10_000;

type Options = {
	env: Env;
	town: () => string;
	townStub: () => TownRpc;
	clock: () => number;
	feeds: Feeds;
	pump: Pump;
	presence: Presence;
	ledger: Ledger;
	disclosures: Disclosures;
	interventions: Interventions;
	remedies: Remedies;
	rights: RightsCache;
	admission: Admission;
	/** Its socket has closed meanwhile. */
	gone(viewer: Viewer): boolean;
};

/** Requests of a viewer that has said `hello`; each gives the value of its answer, or throws `Refused`. */
export class Requests {
	readonly #options: Options;
	readonly #owned = new Set<string>();

	constructor(options: Options) {
		this.#options = options;
	}

	async handle(viewer: Viewer, message: Exclude<Up, { t: "hello" | "credit" | "ping" }>): Promise<unknown> {
		const { interventions, remedies } = this.#options;
		switch (message.t) {
			case "follow":
				return this.follow(viewer, message.agent, message.cursor, message.tail_bytes);
			case "unfollow":
				this.#leave(viewer, feedsOf(message.agent));
				this.#options.presence.changed();
				return null;
			case "reveal":
				return this.#reveal(viewer, message.agent);
			case "focus":
				viewer.update({ focus: message.on, intention: shownTo(message.intention) });
				this.#options.presence.changed();
				return null;
			case "query":
				return this.#query(viewer, message.question);
			case "propose":
				return interventions.propose(this.#proposer(viewer), message);
			case "remedy":
				return { entries: await remedies.propose(this.#proposer(viewer), message) };
			case "cancel":
				return { entries: this.#cancel(viewer, message.of) };
			case "renew":
				return this.#renew(viewer, message.ticket);
		}
	}

	/** The session's clock and the town's. */
	pong(): Pong {
		const { feeds, clock } = this.#options;
		return { now: clock(), town_now: feeds.get(TOWN_FEED)?.upstream.sourceNow ?? null };
	}

	/** Starts a viewer on an agent's stream; answers when the stream has told where it is. */
	async follow(
		viewer: Viewer,
		agent: string,
		cursor: Parameters<Viewer["read"]>[1],
		tailBytes: number,
	): Promise<Followed> {
		const { feeds, pump, presence, disclosures } = this.#options;
		if (agent === TOWN_FEED) throw new Refused("no_such_agent", "This is not an agent.");
		await this.#mustOwn(agent);
		// Nothing is opened for somebody who has left: nobody would close it.
		if (this.#options.gone(viewer)) throw new Refused("left", "The page has left.");
		const name = disclosures.feedOf(viewer, agent);
		// Who reads the one encoding reads the other no more.
		this.#leave(
			viewer,
			feedsOf(agent).filter((other) => other !== name),
		);
		const feed = feeds.hold(name, viewer.id, cursor);
		if (!feed) throw new Refused("too_many_streams", "This session follows 40 agents already. Close one.");
		viewer.read(name, cursor, tailBytes);
		const head = await this.#headOf(feed);
		if (!head) {
			this.#leave(viewer, [name]);
			const { reason } = feed.upstream.status;
			throw new Refused(
				"agent_unreachable",
				`The agent's stream could not be reached${reason ? `: ${reason}` : ""}.`,
			);
		}
		pump.run(viewer);
		presence.changed();
		return { position: head, horizon: feed.upstream.horizon };
	}

	#leave(viewer: Viewer, names: readonly string[]): void {
		for (const name of names) {
			viewer.readers.delete(name);
			this.#options.feeds.release(name, viewer.id);
		}
	}

	/** Recorded first; what is revealed comes with the next follow or read (SEC-4). */
	async #reveal(viewer: Viewer, agent: string): Promise<{ entries: LedgerEntry[] }> {
		const { disclosures, townStub } = this.#options;
		await this.#mustOwn(agent);
		const [row] = await townStub()
			.rows([{ entity: "beads", key: agent }])
			.catch((error: unknown) => {
				logFailure("name of", { agent }, error);
				return [null];
			});
		const entry = disclosures.reveal(viewer, agent, typeof row?.title === "string" ? row.title : "");
		return { entries: entry ? [entry] : [] };
	}

	/** An agent of another town is nobody's business here (STREAM-7). */
	async #mustOwn(agent: string): Promise<void> {
		if (this.#owned.has(agent)) return;
		let owns: boolean;
		try {
			owns = await this.#options.townStub().ownsAgent(agent);
		} catch (error) {
			logFailure("ownsAgent", { agent }, error);
			throw new Refused("town_unreachable", "The town could not be reached. Try again in a moment.");
		}
		if (!owns) throw new Refused("foreign_agent", `${agent} is not an agent of this town.`);
		this.#owned.add(agent);
	}

	/** Waits for a feed to be live or denied; null when it is neither in time. */
	async #headOf(feed: Feed): Promise<Followed["position"] | null> {
		const { clock } = this.#options;
		const until = clock() + FOLLOW_MS;
		while (!feed.upstream.live && feed.upstream.status.state !== "idle" && clock() < until)
			await feed.upstream.nextState(until - clock());
		return feed.upstream.live ? feed.tail.head : null;
	}

	async #query(viewer: Viewer, question: Question): Promise<RowsAnswer> {
		const { ledger, env, town, townStub, disclosures } = this.#options;
		if (question.kind === "ledger") return ledger.before(question.before, question.limit);
		const ofAgent = question.kind === "stream" || question.kind === "passage" || question.kind === "body";
		if (ofAgent) await this.#mustOwn(question.agent);
		let answer: RowsAnswer | Refusal;
		try {
			answer = ofAgent
				? await agentStub(env, question.agent).query(
						town(),
						question,
						disclosures.revealed(viewer, question.agent),
					)
				: await townStub().query(question);
		} catch (error) {
			logFailure("query", { question }, error);
			throw new Refused(
				ofAgent ? "agent_unreachable" : "town_unreachable",
				"It could not be read just now. Try again.",
			);
		}
		if ("ok" in answer) throw new Refused(answer.code, answer.message);
		return { rows: answer.rows, more: answer.more };
	}

	/** Possible only while the town is seen live, and by somebody whose rights are known now (SOCKET-3). */
	#proposer(viewer: Viewer): Proposer {
		const { feeds, rights } = this.#options;
		const may = rights.known(viewer.admin.id);
		if (!may?.ok)
			throw new Refused(
				"rights_unknown",
				"Your rights could not be checked, so nothing was done. Try again.",
			);
		if (!feeds.get(TOWN_FEED)?.upstream.live)
			throw new Refused(
				"blind",
				"The town is not seen live at the moment, so nothing was done. Try again when it is.",
			);
		return { admin: viewer.admin, case: viewer.state.opened?.reason ?? "" };
	}

	/** By anybody who watches, blind or not: what is stopped changes nothing (LEDGER-7). */
	#cancel(viewer: Viewer, of: string): LedgerEntry[] {
		const { interventions, remedies } = this.#options;
		const entries = [...interventions.cancel(viewer.admin, of), ...remedies.cancel(viewer.admin, of)];
		if (entries.length === 0) throw interventions.whyNot(of);
		return entries;
	}

	/** A fresh ticket of the same admin, so that the socket outlives the identity that it was opened with. */
	async #renew(viewer: Viewer, token: string): Promise<{ expires_at: number }> {
		const { admission, town } = this.#options;
		const ticket = await admission.consume(town(), token);
		if ("code" in ticket) throw new Refused(ticket.code, ticket.message);
		if (ticket.admin.id !== viewer.admin.id)
			throw new Refused("ticket_of_another", "The ticket is of another admin.");
		viewer.update({ expiresAt: ticket.identityExpiresAt });
		return { expires_at: ticket.identityExpiresAt };
	}
}
