import fc from "fast-check";
import { expect, test } from "vitest";
import { type Filterable, matches, parseFilter, withField, withoutTerm } from "../../../web/town/filter.ts";

const grammar = { fields: ["status", "rig", "type"], numbers: ["age", "cost"] };
const row: Filterable = {
	fields: { status: ["in_progress"], rig: ["api"], type: ["issue"] },
	numbers: { age: 40 * 60_000, cost: null },
	text: "Fix login redirect loop 7be1d004 https://git.example/pull/9",
};
const holds = (filter: string) => matches(parseFilter(filter, grammar), row);

test("P7: values of a field are alternatives, terms all hold", () => {
	expect(holds("status:in_progress,failed rig:api")).toBe(true);
	expect(holds("status:failed rig:api")).toBe(false);
	expect(holds("STATUS:in_progress")).toBe(true);
});

test("P7: a minus turns any term round", () => {
	expect(holds("-type:message")).toBe(true);
	expect(holds('-"login redirect"')).toBe(false);
	expect(holds("-/redirect/")).toBe(false);
});

test("P7: quoted text, regular expressions, addresses and ages", () => {
	expect(holds('"login redirect"')).toBe(true);
	expect(holds("/7be1d\\d+/")).toBe(true);
	expect(holds("https://git.example/pull/9")).toBe(true);
	expect(holds("age>30m")).toBe(true);
	expect(holds("age>1h")).toBe(false);
});

test("P2: a number that is not known matches neither side", () => {
	expect(holds("cost>0")).toBe(false);
	expect(holds("cost<100")).toBe(false);
});

test("P7: a bad term says what was expected and the rest applies", () => {
	const terms = parseFilter("colour:red age>soon /(/ rig:web", grammar);
	expect(terms.map((term) => term.kind)).toEqual(["bad", "bad", "bad", "field"]);
	expect(terms[0]).toMatchObject({ expected: "one of status, rig, type before the colon" });
	expect(matches(terms, row)).toBe(false);
	expect(holds("colour:red rig:api")).toBe(true);
});

test("P7: chips can be taken away and fields picked without losing the rest", () => {
	const terms = parseFilter('status:open "two words" -type:message', grammar);
	expect(withoutTerm(terms, 1)).toBe("status:open -type:message");
	expect(withField(terms, "status", ["failed", "in review"])).toBe(
		'status:failed,"in review" "two words" -type:message',
	);
	expect(withField(terms, "status", [])).toBe('"two words" -type:message');
});

test("P7: any values picked come back from the text of the filter, beside any other term", () => {
	const value = fc.string({
		unit: fc.constantFrom("a", "B", " ", ",", '"', "\\", ":", "/", "-", "é", "\n"),
		minLength: 1,
	});
	const others = parseFilter('-type:message "two, \\"words\\"" age>30m', grammar);
	fc.assert(
		fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (values) => {
			const terms = parseFilter(withField(others, "rig", values), grammar);
			const lower = values.map((one) => one.toLowerCase());
			expect(terms[0]).toMatchObject({ kind: "field", field: "rig", values: lower });
			expect(terms.slice(1)).toEqual(others);
		}),
	);
});

test("P7: a comma inside quotes parts no values, and a backslash by itself is one", () => {
	expect(parseFilter('rig:"api, old",web', grammar)[0]).toMatchObject({ values: ["api, old", "web"] });
	expect(parseFilter("rig:a\\b", grammar)[0]).toMatchObject({ values: ["a\\b"] });
	expect(parseFilter(`"${"\\\\".repeat(5_000)}`, grammar)).toHaveLength(1);
});
