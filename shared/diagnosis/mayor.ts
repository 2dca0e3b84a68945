import type { Agent } from "../gastown/index.ts";
import { lastExitOf, rowsOf, timeOf } from "../town-view/index.ts";
import { endedWithContainer } from "./container-died.ts";
import { isCrash } from "./exits.ts";
import { type Facts, rowOf, told } from "./facts.ts";
import type { Finding, Recovery } from "./finding.ts";
import { sessionErrored, stalePrompt, toolLoop } from "./mayor-session.ts";
import { isHeard } from "./progress.ts";
import { step } from "./remedies.ts";
import { OLD_FAILURE_MS } from "./thresholds.ts";
import { ago, count, inShort, span } from "./words.ts";

/** "The Mayor isn't responding" (scenarios.md §7). */
export const mayor = (facts: Facts): Finding[] =>
	facts.agents
		.filter(({ role }) => role === "mayor")
		.flatMap((one) => [
			...containerAsleep(facts, one),
			...crashed(facts, one),
			...sessionErrored(facts, one),
			...toolLoop(facts, one),
			...stalePrompt(facts, one),
		]);

/** What a person said to it and it has not had, oldest first. */
const unheard = ({ view }: Facts, id: string) =>
	rowsOf<"agent_nudges">(view.tables.agent_nudges, view.indexes.nudgesByAgent.get(id))
		.filter(({ status, source }) => status === "queued" && (source === "user" || source === "admin"))
		.sort((a, b) => (timeOf(a.created_at) ?? 0) - (timeOf(b.created_at) ?? 0));

const WAITS = (n: number): string => count(n, "message waits", "messages wait");

/** Its container is at rest and may not be started, and somebody waits for an answer. */
function containerAsleep(facts: Facts, one: Agent): Finding[] {
	const { now, look, container } = facts;
	const policy = look.town("run_policy");
	const messages = unheard(facts, one.bead_id);
	const [first] = messages;
	if (!first || policy?.policy !== "paused_by_user" || (container && !facts.atRest)) return [];
	const owners = policy.order === null;
	const paused = timeOf(policy.since) ?? now;
	const waited = timeOf(first.created_at) ?? now;
	return [
		told({
			code: "mayor.container-asleep",
			severity: "warning",
			subject: { kind: "mayor", id: one.bead_id },
			sentence: `${WAITS(messages.length)} for the Mayor since ${span(now - waited)}: its container is stopped and ${owners ? "its owner has" : `${policy.by ?? "an admin"} has`} paused it`,
			measured: [`Paused ${ago(now - paused)}; the container is ${container?.status ?? "not there"}.`],
			evidence: [
				rowOf("the pause", "town_state", "run_policy", paused),
				rowOf("the container", "town_state", "container", timeOf(container?.since)),
				...messages
					.slice(0, 3)
					.map((row) => rowOf("a message waits", "agent_nudges", row.nudge_id, timeOf(row.created_at))),
			],
			since: Math.max(paused, waited),
			recovers: owners
				? {
						who: "user",
						text: "The owner paused it and can resume it; what runs then is billed to them.",
						message: `Your town is paused, so your Mayor cannot answer: ${WAITS(messages.length)} since ${span(now - waited)}. Resume it when you want it to go on.`,
					}
				: { who: "self", at: timeOf(policy.until), text: "The pause ends by itself." },
			remedy: [step("container.resume", "container", { lift_users_pause: owners })],
			ruledOut: ["a start under way", "a crash"],
		}),
	];
}

/** Its process ended without being told to, or shows no sign of life in a container that does; nothing has taken its place. */
function crashed(facts: Facts, one: Agent): Finding[] {
	const { now, container } = facts;
	const gone = container && !facts.atRest ? goneSince(facts, one) : null;
	if (gone === null || container?.health) return [];
	const { at, how, why } = gone;
	const messages = unheard(facts, one.bead_id);
	const back: Recovery =
		messages.length > 0
			? { who: "self", at: null, text: "It is started with the message that waits." }
			: { who: "button", text: "Not before the next message to it, which starts a new process." };
	return [
		told({
			code: "mayor.crashed",
			severity: now - at > OLD_FAILURE_MS ? "notice" : "warning",
			subject: { kind: "mayor", id: one.bead_id },
			sentence: `The Mayor's process ${how} ${ago(now - at)} and does not run again${messages.length > 0 ? `; ${WAITS(messages.length)}` : ""}`,
			measured: [
				`${why}; the town has it as ${one.status}, the container is ${container?.status ?? "unknown"}.`,
			],
			evidence: [
				rowOf(`it ${how}`, "agent_metadata", one.bead_id, at),
				rowOf("the container", "town_state", "container", timeOf(container?.since)),
			],
			since: at,
			recovers: back,
			remedy: [step("mayor.restart", one.bead_id)],
			ruledOut: ["a stop that was asked for", "a container at rest"],
			needs: one.container_process_id === null ? [] : ["its exit: nobody saw it end"],
			because: endedWithContainer(facts, at),
		}),
	];
}

function goneSince(facts: Facts, one: Agent): { at: number; how: string; why: string } | null {
	const { now } = facts;
	const exit = lastExitOf(one);
	if (one.container_process_id === null && one.current_attempt_id === null) {
		const at = timeOf(exit?.at);
		if (!exit || !isCrash(exit) || at === null) return null;
		const how = `crashed (${exit.signal ?? `exit ${exit.code ?? "unseen"}`})`;
		return { at, how, why: exit.reason ? inShort(exit.reason) : "No reason was told" };
	}
	const heard = timeOf(one.last_activity_at);
	if (!["working", "waiting"].includes(one.status) || one.container_process_id === null) return null;
	if (heard === null || isHeard(facts, one)) return null;
	return { at: heard, how: "was last heard of", why: `No heartbeat for ${span(now - heard)}` };
}
