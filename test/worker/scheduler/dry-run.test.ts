import fc from "fast-check";
import { expect, it } from "vitest";
import { METHODS, type Method } from "../../../shared/ingest/index.ts";
import { METHOD_PARTS } from "../../../worker/town/calls.ts";
import { callTown } from "../../../worker/town/run.ts";
import { makeRequest } from "../../../worker/town/triage.ts";
import { CAUSE, workingTown } from "../town/support.ts";
import { MINUTE, NOW } from "./builders.ts";
import { schedulerOf } from "./support.ts";

type Kit = ReturnType<typeof schedulerOf>;

/** What may happen to a town between two looks. Agents are named by their place among the town's. */
type Step =
	| { call: Method; args: Record<string, unknown> }
	| { pass: number }
	| { ask: number }
	| { beat: number[] }
	| { container: "start" | "stop" | "sleep" }
	| { answers: boolean };

const bead = fc.constantFrom("bead-1", "bead-2", "bead-3", "bead-4");
const agent = fc.nat(3);
const calls: fc.Arbitrary<Step> = fc.oneof(
	...[
		fc.record({
			call: fc.constant<Method>("createBead"),
			args: fc.record({
				id: bead,
				title: fc.constant("Paint"),
				priority: fc.constantFrom("low", "critical"),
				rig_id: fc.constant("rig-1"),
			}),
		}),
		fc.record({ call: fc.constant<Method>("agentDone"), args: fc.record({ agent_id: agent }) }),
		fc.record({ call: fc.constantFrom<Method>("closeBead"), args: fc.record({ bead_id: bead }) }),
		fc.record({
			call: fc.constantFrom<Method>("updateBeadStatus"),
			args: fc.record({ bead_id: bead, status: fc.constantFrom("open", "failed") }),
		}),
		fc.record({
			call: fc.constantFrom<Method>("hookBead"),
			args: fc.record({ agent_id: agent, bead_id: bead }),
		}),
		fc.record({
			call: fc.constantFrom<Method>("unhookBead", "deleteAgent"),
			args: fc.record({ agent_id: agent }),
		}),
		fc.record({
			call: fc.constantFrom<Method>("addDependency"),
			args: fc.record({ bead_id: bead, depends_on_bead_id: bead }),
		}),
		fc.record({
			call: fc.constantFrom<Method>("routeEscalation"),
			args: fc.record({ severity: fc.constantFrom("low", "high"), message: fc.constant("Help") }),
		}),
		fc.record({
			call: fc.constantFrom<Method>("sendMayorMessage"),
			args: fc.record({ message: fc.constant("Please build a shed") }),
		}),
	],
);
const step: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 4, arbitrary: calls },
	{
		weight: 4,
		arbitrary: fc.record({
			pass: fc.constantFrom(50, 6_000, MINUTE, 6 * MINUTE, 70 * MINUTE, 25 * 60 * MINUTE),
		}),
	},
	{ weight: 2, arbitrary: fc.record({ beat: fc.uniqueArray(agent) }) },
	fc.record({ ask: agent }),
	fc.record({ container: fc.constantFrom("start", "stop", "sleep") }),
	fc.record({ answers: fc.boolean() }),
);

async function happen(kit: Kit, agents: readonly string[], one: Step): Promise<void> {
	const nth = (n: unknown) => agents[Number(n)] ?? "";
	if ("pass" in one) await kit.run(one.pass, kit.ticks.n + 12);
	else if ("beat" in one) kit.beat({ agents: one.beat.map(nth) });
	else if ("container" in one) kit.container(one.container);
	else if ("answers" in one)
		kit.arm.reply = () =>
			one.answers
				? { ok: true, status: 200, body: {} }
				: { ok: false, code: "timeout", message: "no answer" };
	else if ("ask" in one)
		kit.call((town) => ({
			ok: true,
			value: makeRequest(town, {
				triage: "help_request",
				agent: nth(one.ask),
				bead: null,
				message: "What now?",
			}),
		}));
	else {
		const { agent_id } = one.args;
		const args = METHODS[one.call].parse({
			...one.args,
			...(agent_id === undefined ? {} : { agent_id: nth(agent_id) }),
		});
		// What the town refuses changes nothing.
		callTown(kit.live, kit.town, CAUSE, (town) => METHOD_PARTS[one.call](town, args as never));
	}
}

it("SCHED-1: whatever has happened to a town, a dry run says what the next look then does", async () => {
	let n = 0;
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
			const id = `s-any-${++n}`;
			const made = await workingTown(id, NOW);
			const agents = [`${id}/toast`, `${id}/maple`, `${id}/refinery`, `${id}/mayor`] as const;
			await made.must("createAgent", { id: agents[1], role: "polecat", name: "Maple", rig_id: "rig-1" });
			await made.must("createAgent", {
				id: agents[2],
				role: "refinery",
				name: "web-refinery",
				rig_id: "rig-1",
			});
			await made.must("createAgent", { id: agents[3], role: "mayor", name: "Mayor" });
			await made.inside(async (_, ctx) => {
				const kit = schedulerOf(id, ctx, NOW);
				kit.up();
				for (const one of steps) {
					await happen(kit, agents, one);
					const said = kit.scheduler.dryRun();
					expect(kit.scheduler.dryRun()).toEqual(said);
					expect(kit.scheduler.tick()).toEqual(said);
					await kit.scheduler.settled();
				}
			});
		}),
		// A town of the real storage for each: what fails is shown as it was found.
		{ numRuns: 20, endOnFailure: true },
	);
}, 120_000);
