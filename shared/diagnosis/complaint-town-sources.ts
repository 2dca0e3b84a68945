import type { Agent } from "../gastown/index.ts";
import { signalOf, timeOf } from "../town-view/index.ts";
import { allSay, type Source, says, when } from "./complaint-source.ts";
import { tokenRow } from "./credential-words.ts";
import { type Facts, rowOf } from "./facts.ts";
import { lastDone } from "./progress.ts";
import { ago, inShort, span } from "./words.ts";

const mayorOf = ({ agents }: Facts): Agent | undefined => agents.find(({ role }) => role === "mayor");

/** What is the town's: its container, its tokens, its Mayor. */
export const TOWN_SOURCES = {
	container: {
		missing: "what the container is: it has told nothing yet",
		read(facts) {
			const { container } = facts;
			if (!container) return null;
			const stop = container.last_stop;
			const ended = stop ? `exit ${stop.exit_code ?? "unseen"}, ${when(stop.at, facts)}` : "none was seen";
			return says(
				`The container is ${container.status} for ${span(facts.now - (timeOf(container.since) ?? facts.now))}; its last stop: ${ended}.`,
				rowOf("the container now", "town_state", "container", timeOf(container.since)),
			);
		},
	},
	git: {
		missing: "what git answered last for this rig",
		read({ gitFailures, look, view }, { rigs }) {
			const mine = gitFailures.filter(({ rig_id }) => rigs.includes(rig_id));
			if (view.tables.town_state.has("git_failures"))
				return says(
					mine.length === 0
						? "Git has left nothing undone here."
						: `Git has not done: ${mine.map(({ operation, outcome }) => `${operation} (${outcome})`).join(", ")}.`,
					rowOf("what git could not do", "town_state", "git_failures"),
				);
			const good = rigs
				.flatMap((rig) => look.credential(rig, "git") ?? [])
				.find((one) => one.failures_since_ok === 0 && one.verified_at !== null);
			return good
				? says(
						"No git command was refused since its token was verified.",
						tokenRow("no refusal", good, timeOf(good.verified_at)),
					)
				: null;
		},
	},
	credential: {
		missing: "what is known of the rig's token: nothing has asked for one yet",
		read: (facts, { rigs }) =>
			allSay(
				rigs.flatMap((rig) => facts.look.credential(rig, "git") ?? []),
				(one) =>
					`The token of rig ${facts.rigName(one.rig_id)}: ${one.last_outcome ?? "no answer"}, ${when(one.last_outcome_at, facts)}.`,
				(one) => tokenRow("the token", one, timeOf(one.last_outcome_at)),
			),
	},
	held: {
		missing: "the fingerprint of the token that the container holds: it has not told it",
		read: (facts, { rigs }) =>
			allSay(
				rigs.flatMap((rig) => {
					const one = facts.look.credential(rig, "git");
					return one?.held_fingerprint ? [one] : [];
				}),
				({ rig_id, held_fingerprint: held, fingerprint: newest }) =>
					`The container holds ${held?.slice(0, 8)} for rig ${facts.rigName(rig_id)}, ${held === newest ? "the newest" : `the newest is ${newest?.slice(0, 8) ?? "not known"}`}.`,
				(one) => tokenRow("what the container holds", one, timeOf(one.held_at)),
			),
	},
	environment: {
		missing: "which variables the container was started with",
		read(facts) {
			const known = facts.look.town("environment");
			return known
				? says(
						`The variables were changed ${when(known.changed_at, facts)}.`,
						rowOf("its variables", "town_state", "environment", timeOf(known.changed_at)),
					)
				: null;
		},
	},
	mayor: {
		missing: "the Mayor: this town has none",
		read(facts) {
			const one = mayorOf(facts);
			if (!one) return null;
			const at = lastDone(one);
			return says(
				`The Mayor is ${one.status}, last event ${at === null ? "never seen" : ago(facts.now - at)}.`,
				rowOf(`it is ${one.status}`, "agent_metadata", one.bead_id, at),
			);
		},
	},
	mayorSignals: {
		missing: "what the Mayor's stream says: nothing of it has come",
		read(facts) {
			const signals = facts.look.signals(mayorOf(facts)?.bead_id ?? "");
			if (!signals) return null;
			const error = signalOf(signals, "last_error");
			const repeats = signalOf(signals, "equal_calls") ? "it repeats a call" : "it repeats nothing";
			return says(
				`The Mayor's last error: ${error ? inShort(error.message, 60) : "none since its last step"}; ${repeats}.`,
				rowOf("its signals", "agent_signals", signals.agent_id, signals.last_step_at),
			);
		},
	},
	mayorSession: {
		missing: "the prompt that the Mayor's session has: the container has not told it",
		read(facts) {
			const session = facts.look.session(mayorOf(facts)?.bead_id ?? "");
			return session && session.prompt_hash !== null
				? says(
						`Its session has prompt ${session.prompt_hash}.`,
						rowOf("its session", "agent_sessions", session.agent_id, timeOf(session.at)),
					)
				: null;
		},
	},
} as const satisfies Record<string, Source>;
