/**
 * The filter of every list (design-ui §8): `status:in_progress,failed rig:api age>30m "exact" /regex/ -type:message`.
 * A bad term is kept, marked with what was expected, and the rest still applies.
 */
export type Term = { source: string; negated: boolean } & (
	| { kind: "field"; field: string; values: string[] }
	| { kind: "compare"; field: string; above: boolean; limit: number }
	| { kind: "text"; text: string }
	| { kind: "regex"; regex: RegExp }
	| { kind: "bad"; expected: string }
);

/** What a row offers to a filter. `fields` are compared without case; `numbers` are milliseconds, dollars or counts. */
export type Filterable = {
	fields: Record<string, readonly string[]>;
	numbers: Record<string, number | null>;
	text: string;
};

/** Names a list knows; anything else is a bad term. */
export type Grammar = { fields: readonly string[]; numbers: readonly string[] };

/** In quotes anything may stand; a quote and a backslash that is not to be one stand behind a backslash. */
const QUOTED = '"(?:\\\\["\\\\]|[^"\\\\]|\\\\(?!["\\\\]))*"';
const TOKEN = new RegExp(
	`-?(?:\\/(?:\\\\.|[^/\\\\])+\\/|${QUOTED}|[\\w.]+[:<>](?:${QUOTED}|\\S)*|\\S+)`,
	"g",
);
const VALUE = new RegExp(`(?:${QUOTED}|[^,])+`, "g");
const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function parseFilter(input: string, grammar: Grammar): Term[] {
	return (input.match(TOKEN) ?? []).map((source) => parseTerm(source, grammar));
}

function parseTerm(source: string, grammar: Grammar): Term {
	const negated = source.startsWith("-") && source.length > 1;
	const body = negated ? source.slice(1) : source;
	const base = { source, negated };
	const regex = /^\/(.+)\/$/.exec(body)?.[1];
	if (regex) return regexTerm(base, regex);
	const pair = /^([\w.]+)([:<>])(.*)$/s.exec(body);
	if (!pair || body.startsWith('"') || /^https?:/.test(body))
		return { ...base, kind: "text", text: unquote(body).toLowerCase() };
	const [, field = "", sign, value = ""] = pair;
	if (sign !== ":") return compareTerm(base, field, sign === ">", value, grammar);
	if (!grammar.fields.includes(field))
		return bad(base, `one of ${grammar.fields.join(", ")} before the colon`);
	const values = (value.match(VALUE) ?? []).map(unquote).filter(Boolean);
	if (values.length === 0) return bad(base, `a value after ${field}:`);
	return { ...base, kind: "field", field, values: values.map((one) => one.toLowerCase()) };
}

type Base = { source: string; negated: boolean };
const bad = (base: Base, expected: string): Term => ({ ...base, kind: "bad", expected });

function regexTerm(base: Base, source: string): Term {
	try {
		return { ...base, kind: "regex", regex: new RegExp(source, "i") };
	} catch {
		return bad(base, "a regular expression between the slashes");
	}
}

function compareTerm(base: Base, field: string, above: boolean, value: string, grammar: Grammar): Term {
	if (!grammar.numbers.includes(field))
		return bad(base, `one of ${grammar.numbers.join(", ")} before < or >`);
	const match = /^(\d+(?:\.\d+)?)(s|m|h|d)?$/.exec(value);
	if (!match) return bad(base, "a number, or a time such as 30m");
	return { ...base, kind: "compare", field, above, limit: Number(match[1]) * (UNITS[match[2] ?? ""] ?? 1) };
}

function unquote(value: string): string {
	const inner = /^"(.*)"$/s.exec(value)?.[1];
	return inner === undefined ? value : inner.replace(/\\(["\\])/g, "$1");
}

/** True when every good term holds; values of one field are alternatives. A number that is not known never matches. */
export function matches(terms: readonly Term[], row: Filterable): boolean {
	return terms.every((term) => term.kind === "bad" || holds(term, row) !== term.negated);
}

function holds(term: Exclude<Term, { kind: "bad" }>, row: Filterable): boolean {
	if (term.kind === "text") return row.text.toLowerCase().includes(term.text);
	if (term.kind === "regex") return term.regex.test(row.text);
	if (term.kind === "field")
		return (row.fields[term.field] ?? []).some((have) => term.values.includes(have.toLowerCase()));
	const value = row.numbers[term.field];
	return value !== null && value !== undefined && (term.above ? value > term.limit : value < term.limit);
}

/** The filter without one of its terms, as text for the address. */
export function withoutTerm(terms: readonly Term[], index: number): string {
	return terms
		.filter((_, at) => at !== index)
		.map((term) => term.source)
		.join(" ");
}

/** Puts `field:value,…` in the place of that field's term, or takes it away where there are no values. */
export function withField(terms: readonly Term[], field: string, values: readonly string[]): string {
	const others = terms.filter((term) => !(term.kind === "field" && term.field === field && !term.negated));
	const mine = values.length > 0 ? [`${field}:${values.map(quote).join(",")}`] : [];
	return [...mine, ...others.map((term) => term.source)].join(" ");
}

const quote = (value: string) => (/[\s,"\\]/.test(value) ? `"${value.replace(/["\\]/g, "\\$&")}"` : value);
