import { describe, expect, test } from "vitest";
import {
	CAUSE_CODES,
	type CauseCode,
	COMPLAINTS,
	type Complaint,
	scenarioOf,
} from "../../../shared/diagnosis/codes.ts";
import { answerComplaint, type Judged } from "../../../shared/diagnosis/complaint.ts";
import { diagnose, type Subject } from "../../../shared/diagnosis/index.ts";
import { silent } from "./states/scenario-1.ts";
import { busy } from "./states/scenario-2.ts";
import { ALL_STATES, type FailingState } from "./states/states.ts";
import { aBead, anAgent, aRig, aToken, before, container, NOW, self, townOf, value } from "./town.ts";

const one = (judged: Judged[], code: CauseCode) => judged.find((each) => each.code === code);
const TOWN: Subject = { kind: "town", id: "town" };

describe.each(Object.entries(ALL_STATES) as [CauseCode, FailingState][])("%s", (code, { town }) => {
	test("DIAG-1: asked after by its complaint, it is found, at its subject and at the town", () => {
		const complaint = scenarioOf(code) as Complaint;
		const view = town();
		const subject = diagnose(view, NOW).findings.find((finding) => finding.code === code)?.subject as Subject;
		for (const about of [subject, TOWN]) {
			const judged = answerComplaint(view, NOW, { complaint, subject: about });
			expect(one(judged, code)).toMatchObject({ is: "found", finding: { code } });
		}
	});
});

test.each(Object.keys(COMPLAINTS).map(Number) as Complaint[])(
	"DIAG-1: complaint %i is answered by each of its causes, in a town that has told nothing: none is ruled out by that",
	(complaint) => {
		const judged = answerComplaint(townOf({}), NOW, { complaint, subject: { kind: "bead", id: "gone" } });
		expect(judged.map(({ code }) => code)).toEqual(
			CAUSE_CODES.filter((code) => scenarioOf(code) === complaint),
		);
		for (const each of judged) {
			expect(each.is, each.code).toBe("unknown");
			if (each.is === "unknown") expect(each.missing.length).toBeGreaterThan(0);
		}
	},
);

test("DIAG-1: what is ruled out says by which rows", () => {
	const judged = answerComplaint(silent(), NOW, { complaint: 1, subject: { kind: "agent", id: "clove" } });
	expect(judged.map(({ code, is }) => [code, is])).toEqual([
		["agent.container-died", "ruled-out"],
		["agent.clone-failed", "unknown"],
		["agent.dispatch-exhausted", "ruled-out"],
		["agent.names-exhausted", "ruled-out"],
		["agent.gupp-timeout", "found"],
		["agent.process-crashed", "ruled-out"],
	]);
	expect(one(judged, "agent.container-died")).toMatchObject({
		says: ["The container is running for 1 h; its last stop: none was seen."],
		evidence: [{ entity: "town_state", key: "container" }],
	});
	expect(one(judged, "agent.clone-failed")).toMatchObject({
		missing: ["what git answered last for this rig"],
	});
});

test("DIAG-3: a row that is there rules out what could not be known before", () => {
	const asked = { complaint: 1, subject: { kind: "agent", id: "clove" } } as const;
	const town = silent({}, { town_state: [...self(), container(), value("git_failures", [])] });
	expect(one(answerComplaint(town, NOW, asked), "agent.clone-failed")).toMatchObject({
		is: "ruled-out",
		says: ["Git has left nothing undone here."],
	});
});

test("DIAG-1: a bead is answered by what is told of its rig, and not by what is told of another's", () => {
	const asked = (id: string) => ({ complaint: 2, subject: { kind: "bead", id } }) as const;
	expect(one(answerComplaint(busy(), NOW, asked("waits")), "bead.no-idle-agent")?.is).toBe("found");
	const other = busy({}, {}, {
		beads: [aBead("b-toast", { status: "in_progress" }), aBead("b-maple", { status: "in_progress" }), aBead("waits"), aBead("far", { rig_id: "web" })],
	}); // biome-ignore format: rows
	expect(one(answerComplaint(other, NOW, asked("far")), "bead.no-idle-agent")?.is).toBe("unknown");
});

test("DIAG-1: a rig is answered by what is told of its agents and beads", () => {
	const judged = answerComplaint(silent(), NOW, { complaint: 1, subject: { kind: "rig", id: "api" } });
	expect(one(judged, "agent.gupp-timeout")?.is).toBe("found");
	// A bead that is gone is not answered by others.
	const gone = answerComplaint(silent(), NOW, { complaint: 1, subject: { kind: "bead", id: "gone" } });
	expect(one(gone, "agent.gupp-timeout")?.is).toBe("unknown");
});

test("DIAG-1: what the container has not told yet is said to be missing, and rules the stale token out once it is told", () => {
	const judge = (more: Record<string, unknown[]>) =>
		one(
			answerComplaint(
				townOf({ agent_metadata: [anAgent("toast")], town_state: [container()], ...more } as never),
				NOW,
				{ complaint: 5, subject: { kind: "credential", id: "api/git" } },
			),
			"credential.stale-in-container",
		);
	const unheard = "the fingerprint of the token that the container holds: it has not told it";
	expect(judge({})).toMatchObject({ is: "unknown", missing: expect.arrayContaining([unheard]) });
	const held = aToken({ fingerprint: "aa11bb22cc", held_fingerprint: "aa11bb22cc", held_at: before(1) });
	const told = judge({ rig_credentials: [held], rigs: [aRig()] });
	expect(told).toMatchObject({ is: "ruled-out" });
	expect(JSON.stringify(told)).toContain("The container holds aa11bb22 for rig api, the newest.");
});
