import { lastExitOf, rowsOf, timeOf } from "../town-view/index.ts";
import { usageRow } from "./amounts.ts";
import { allSay, type Source, says } from "./complaint-source.ts";
import { rowOf } from "./facts.ts";
import { lastDone } from "./progress.ts";
import { reviewsBefore } from "./review-queue.ts";
import { ago, count } from "./words.ts";

/** What is being done, and who does it. */
export const WORK_SOURCES = {
	bead: {
		missing: "the bead: nothing that is complained of has one",
		read: (facts, { beads }) =>
			allSay(
				beads,
				(one) => `${facts.title(one.bead_id)} is ${one.status}, ${count(one.dispatch_attempts, "start")}.`,
				(one) => rowOf(`it is ${one.status}`, "beads", one.bead_id, timeOf(one.updated_at)),
			),
	},
	agent: {
		missing: "the agent: nobody has this bead",
		read: (facts, { agents }) =>
			allSay(
				agents,
				(one) => {
					const exit = lastExitOf(one);
					const at = lastDone(one);
					const ended = exit ? `, last exit ${exit.signal ?? exit.code ?? "unseen"}` : "";
					return `${facts.agentName(one.bead_id)} is ${one.status}, last event ${at === null ? "never seen" : ago(facts.now - at)}${ended}.`;
				},
				(one) => rowOf(`it is ${one.status}`, "agent_metadata", one.bead_id, lastDone(one)),
			),
	},
	polecats: {
		missing: "the rig's polecats: it has none, or no rig is complained of",
		read(facts, { rigs }) {
			const known = rigs.filter((rig) => facts.rigs.has(rig));
			if (known.length === 0) return null;
			const sentence = (rig: string) =>
				`Rig ${facts.rigName(rig)} has ${count(facts.rigs.get(rig)?.polecats.length ?? 0, "polecat")} of ${facts.rigLimits(rig).max_polecats_per_rig}, ${facts.rigs.get(rig)?.idle ?? 0} free.`;
			return says(
				known.map(sentence).join(" "),
				...known
					.flatMap((rig) => facts.rigs.get(rig)?.polecats ?? [])
					.slice(0, 4)
					.map((one) => rowOf(`it is ${one.status}`, "agent_metadata", one.bead_id, lastDone(one))),
			);
		},
	},
	review: {
		missing: "a merge request: the work has not been handed in",
		read: (facts, { beads }) =>
			allSay(
				beads.flatMap((one) => (one.type === "merge_request" ? (facts.look.review(one.bead_id) ?? []) : [])),
				(one) =>
					`${facts.title(one.bead_id)}: ${one.pr_url === null ? "no pull request" : `pull request ${one.pr_state ?? "not asked after"}`}, ${count(one.poll_failures, "failed poll")}.`,
				(one) => rowOf("its review", "review_metadata", one.bead_id, timeOf(one.last_poll_at)),
			),
	},
	queue: {
		missing: "a merge request: nothing of it is in a queue",
		read: (facts, { beads }) =>
			allSay(
				beads.filter(({ type }) => type === "merge_request"),
				(one) => `${count(reviewsBefore(facts, one) ?? 0, "review")} before ${facts.title(one.bead_id)}.`,
				(one) => rowOf(`it is ${one.status}`, "beads", one.bead_id, timeOf(one.updated_at)),
			),
	},
	convoy: {
		missing: "the convoy: nothing that is complained of belongs to one",
		read: ({ look, title }, { beads }) =>
			allSay(
				beads.flatMap((one) => (one.type === "convoy" ? (look.convoy(one.bead_id) ?? []) : [])),
				(one) =>
					`${title(one.bead_id)}: ${one.closed_beads} of ${one.total_beads} closed, ${count(one.landing_attempts, "landing")}.`,
				(one) => rowOf("its counters", "convoy_metadata", one.bead_id),
			),
	},
	usage: {
		missing: "what was used: nobody here has told any usage",
		read({ view: { tables, indexes } }, { agents, beads }) {
			const keys = new Set([
				...agents.flatMap(({ bead_id }) => [...(indexes.usageByAgent.get(bead_id) ?? [])]),
				...beads.flatMap(({ bead_id }) => [...(indexes.usageByBead.get(bead_id) ?? [])]),
			]);
			const all = rowsOf<"usage">(tables.usage, keys);
			if (all.length === 0) return null;
			const cost = all.reduce((sum, one) => sum + one.cost, 0);
			return says(
				`$${cost.toFixed(2)} in ${count(all.length, "attempt")}.`,
				...all.slice(-2).map((one) => usageRow("usage", one)),
			);
		},
	},
} as const satisfies Record<string, Source>;
