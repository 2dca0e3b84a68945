import fc from "fast-check";
import { expect, test } from "vitest";
import { agents, beads, rigs, townState } from "../../../shared/gastown/index.ts";
import { CATALOGUE } from "../../../shared/interventions/index.ts";
import { LISTED_SETTINGS } from "../../../shared/interventions/listed-settings.ts";
import { environmentOf } from "../../../worker/town/environment.ts";
import type { Given } from "../../../worker/town/interventions/given.ts";
import { lookupOf } from "../../../worker/town/interventions/lookup.ts";
import { listRows, updateRow } from "../../../worker/town/rows.ts";
import { inTown, type TestTown, tried } from "./town.ts";
import { ofCredentials, violations } from "./violations.ts";

const NAMES = Object.keys(CATALOGUE).filter(ofCredentials).sort();
/** The same towns in every run, so that a run of the tests says what it said before. */
const SEED = 4711;

type Event = (town: TestTown) => unknown;
const rig = fc.constantFrom("api", "web");
const setting = fc.constantFrom(...LISTED_SETTINGS);
const value = fc.constantFrom<unknown>(null, "pr", "direct", true, false, 2, 7, 90_000, "scripted/other");

const events: fc.Arbitrary<Event> = fc.oneof(
	fc.constant<Event>((town) => town.container("start", { instance_id: "i-2" })),
	fc.constant<Event>((town) => town.container("stop", { instance_id: "i-1", exit_code: 137 })),
	fc.constant<Event>((town) => town.work("toast", "b1")),
	fc.constant<Event>((town) => town.beat("toast")),
	fc.constantFrom("none", "A", "B").map<Event>(
		(name) => (town) =>
			town.call("setTownState", {
				key: "config",
				value: {
					max_polecats_per_rig: 3,
					kilocode_token: "k".repeat(30),
					env_vars: { [name]: "some-value" },
				},
			}),
	),
);

const params = fc
	.record({ setting, value, rig: fc.option(rig), name: fc.constantFrom("A", "B", "C"), unset: fc.boolean() })
	.chain(({ setting, value, ...more }) =>
		fc.record({
			key: fc.constant(setting.key),
			value: fc.constant(value),
			rig: fc.constant(more.rig),
			name: fc.constant(more.name),
			unset: fc.constant(more.unset),
			credential: fc.constantFrom("git", "kilo", "container"),
			integration: fc.constantFrom("app-1", "app-2"),
		}),
	);
const press = (names: readonly string[]) => fc.record({ name: fc.constantFrom(...names), on: rig, params });
type Press = { name: string; on: string; params: Record<string, unknown> };

/** A rig that is linked, a container that runs, a configuration. */
function begin(town: TestTown): void {
	town.container("start");
	town.call("setTownState", {
		key: "config",
		value: { max_polecats_per_rig: 3, kilocode_token: "k".repeat(30), thresholds: { idle_stop_ms: 60_000 } },
	});
	town.live.run({ kind: "test", what: "set", id: null, by: null }, () => {
		for (const id of ["api", "web"])
			updateRow(town.town.sql, rigs, [id], {
				git_url: `https://github.com/o/${id}.git`,
				platform_integration_id: "app-1",
			});
	});
}

/** What the town is given beside the order once the forge has said yes. */
const givenFor = ({ name, params }: Press): Given => {
	const token = { token: "t".repeat(40), expires_at: null };
	if (name === "credential.set-token") return { secret: token.token, token: { ...token, source: "manual" } };
	if (name === "credential.relink")
		return { token: { ...token, source: `integration:${String(params.integration)}` } };
	return CATALOGUE[name]?.secret?.(params) ? { secret: "value-of-the-variable" } : {};
};
const targetOf = ({ name, on }: Press): string => (CATALOGUE[name]?.target === "rig" ? on : "t");

test(
	"LEDGER-12: whatever is done to credentials and configuration, nothing is left inconsistent, and what may be done is done",
	() =>
		inTown((town) => {
			const applied = new Set<string>();
			fc.assert(
				fc.property(
					fc.array(events, { maxLength: 5 }),
					fc.array(press(NAMES), { minLength: 1, maxLength: 6 }),
					(past, presses) =>
						tried(town, () => {
							begin(town);
							for (const event of past) event(town);
							for (const one of presses) {
								const entry = CATALOGUE[one.name];
								const parsed = entry?.params.safeParse(one.params);
								const order = town.order(one.name, targetOf(one), one.params);
								const may =
									parsed?.success &&
									entry?.precondition(order.target, parsed.data, lookupOf(town.town.sql)).ok;
								const before = violations(town);
								const receipt = town.interventions.apply(order, givenFor(one));
								expect(receipt.outcome === "applied", JSON.stringify(receipt)).toBe(may === true);
								expect(violations(town).filter((left) => !before.includes(left))).toEqual([]);
								if (receipt.outcome === "applied") applied.add(one.name);
							}
						}),
				),
				{ numRuns: 80, seed: SEED },
			);
			expect([...applied].sort()).toEqual(NAMES);
		}),
	120_000,
);

/** Rows as they count for an undo: without times, and without the number of the environment, which only rises. */
const rows = (town: TestTown) => [
	...listRows(town.town.sql, rigs),
	...listRows(town.town.sql, beads).map(({ updated_at: _, ...row }) => row),
	...listRows(town.town.sql, agents),
	...listRows(town.town.sql, townState)
		// Compared by its secrets below; and a list that is empty is as good as none.
		.filter(
			({ key, value }) => key !== "environment" && !(key === "in_force" && JSON.stringify(value) === "[]"),
		)
		.map(({ updated_at: _, ...row }) => row),
];
const UNDONE = ["config.set", "config.set-env", "credential.relink", "credential.set-token"];

test(
	"a safe change of credentials or configuration and its undo give back the same rows, but for their times",
	() =>
		inTown((town) => {
			const undone = new Set<string>();
			fc.assert(
				fc.property(fc.array(events, { maxLength: 5 }), press(UNDONE), (past, one) =>
					tried(town, () => {
						begin(town);
						for (const event of past) event(town);
						const look = lookupOf(town.town.sql);
						const entry = CATALOGUE[one.name];
						const parsed = entry?.params.safeParse(one.params);
						const target = targetOf(one);
						if (!entry || !parsed?.success || !entry.precondition(target, parsed.data, look).ok) return;
						// What starts or merges work cannot be put back by setting it again.
						if (entry.danger(target, parsed.data, look) !== "safe") return;
						const undo = entry.undo(target, parsed.data, look);
						if (!undo) return;
						const before = rows(town);
						const env = environmentOf(town.town).env;
						const order = town.order(one.name, target, one.params);
						expect(town.interventions.apply(order, givenFor(one)).outcome).toBe("applied");
						const back = town.interventions.apply(
							town.order(undo.name, target, undo.params),
							givenFor({ ...one, name: undo.name, params: undo.params }),
						);
						expect(back, JSON.stringify(back)).toMatchObject({ outcome: "applied" });
						expect(rows(town)).toEqual(before);
						expect(environmentOf(town.town).env).toEqual(env);
						undone.add(one.name);
					}),
				),
				{ numRuns: 80, seed: SEED },
			);
			expect([...undone].sort()).toEqual(UNDONE);
		}),
	120_000,
);

test("LEDGER-14: an order that takes a secret is refused without it, and nothing is changed", () =>
	inTown((town) => {
		begin(town);
		const before = rows(town);
		for (const [name, target, params] of [
			["credential.set-token", "api", {}],
			["config.set-env", "t", { name: "A" }],
		] as const)
			expect(town.interventions.apply(town.order(name, target, params))).toMatchObject({
				outcome: "refused",
				code: "no-secret",
			});
		// A token that nobody verified is not taken either.
		expect(
			town.interventions.apply(town.order("credential.set-token", "api"), { secret: "t".repeat(40) }),
		).toMatchObject({ outcome: "refused", code: "unverified" });
		expect(rows(town)).toEqual(before);
	}));
