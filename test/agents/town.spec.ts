import { gitIn } from "../../local/forge/repository.ts";
import { equalsOwnAnswer } from "./support/equals-own-answer.ts";
import { expect, PATIENT, test } from "./support/real-agents.ts";

test("AGENT-2 STREAM-5 SCHED-2: a mayor, polecats and a refinery on the real server bring work to merged commits, and their streams fold to what it says", async ({
	app,
	agents,
	watch,
}) => {
	const town = await watch(PATIENT);
	// One of which the output does not fit into the stream, and one that comes of what the owner tells the mayor.
	const [long = ""] = await town.beads("Print a long list and add the toast helper");
	const message = "Please build the maple helper";
	await town.client.gastown("sendMayorMessage", { message, actor: "oauth/github:7781920" });
	const work = () => town.rows("beads").filter(({ type }) => type === "issue");
	const isMerged = () => work().length === 2 && work().every(({ status }) => status === "closed");
	await town.reach("both merged", isMerged, 240);
	const log = (await gitIn(town.bare, "log", "--format=%s", "main")).stdout.split("\n");
	for (const { title } of work()) expect(log.filter((subject) => subject === title)).toHaveLength(1);

	const roles = new Map(town.rows("agent_metadata").map(({ bead_id, role }) => [bead_id, role]));
	const started = town.rows("dispatch_attempts").filter(({ outcome }) => outcome === "started");
	const last = (role: string) => started.findLast(({ agent_id }) => roles.get(agent_id) === role);
	const equals = (attempt: (typeof started)[number] | undefined, lives?: { home: string; turns: number }) => {
		if (!attempt) throw new Error("there is no such attempt");
		return equalsOwnAnswer(town, { app, agents }, attempt, lives);
	};
	expect(await equals(started.findLast(({ bead_id }) => bead_id === long))).toBeGreaterThan(0);
	await equals(last("refinery"));
	// It lives on; it was told what there is, and then what is wanted.
	await equals(last("mayor"), { home: "mayor", turns: 2 });
});
