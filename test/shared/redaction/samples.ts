import fc from "fast-check";

const HEX = "0123456789abcdef0123456789abcdef";

/** `[name, text, what must not be seen of it]`; made up here, none was ever valid. */
export const TOKENS: [name: string, text: string, secret: string][] = [
	["a GitHub token", `ghs_${HEX}ABCD`, HEX],
	["a fine-grained GitHub token", `github_pat_11AAA_${HEX}`, HEX],
	["a GitLab token", `glpat-${HEX.slice(0, 20)}`, HEX.slice(0, 20)],
	["a JWT", `eyJhbGciOiJIUzI1NiJ9.eyJ${HEX}.c2ln${HEX}`, HEX],
	["a model key", `sk-or-v1-${HEX}`, HEX],
	["a Kilo key", `kilo_${HEX}`, HEX],
	["a remote with a token", `https://x-access-token:${HEX}@github.com/example/shop.git`, HEX],
	["a remote with a bare token", `https://${HEX}@gitlab.com/example/shop.git`, HEX],
	["an Authorization header", `Authorization: Bearer ${HEX}`, HEX],
	["a basic Authorization header", `authorization: basic ${HEX}==`, HEX],
	["an environment line", `export DEPLOY_SECRET=${HEX}`, HEX],
	["an environment line with quotes", `DB_PASSWORD="correct horse ${HEX}"`, HEX],
	["a key in JSON", `{"api_key": "${HEX}"}`, HEX],
	["a private key", `-----BEGIN RSA PRIVATE KEY-----\n${HEX}\n-----END RSA PRIVATE KEY-----`, HEX],
];

/** Text as agents write it, that holds no secret. */
export const words = fc
	.array(
		fc.oneof(
			fc.constantFrom(
				"the",
				"convoy",
				"src/cart.js",
				"node --test",
				"a=b",
				"https://example.org/x?y=1",
				"ghp",
				"é",
				"日本語",
			),
			fc.stringMatching(/^[a-zA-Z ,.()\n]{0,12}$/),
		),
		{ maxLength: 40 },
	)
	.map((list) => list.join(" "));

const pieces = (unit: fc.Arbitrary<string>, between: string[], least = 1) =>
	fc
		.tuple(fc.array(unit, { minLength: least, maxLength: 9 }), fc.constantFrom(...between))
		.map(([list, joint]) => list.join(joint));
/** Words that hold, begin like or are the beginnings of tokens and the names of secrets. */
const name = fc.constantFrom(
	..."task disk risk desk usage total percentage implement login page scheduler weighs laughs glass tokens".split(
		" ",
	),
	..."kilo backend refactor tests keyJson Serializer toString internationalization bears npm oauth2 utf8".split(
		" ",
	),
	..."src node_modules convoy polecat v2 1 2026 11 22 base64 é".split(" "),
);

/** What people and agents name things: English, paths, branches, identifiers, uuids, with no secret in it. */
export const names = fc
	.array(
		fc.oneof(
			pieces(name, [" "]),
			pieces(name, ["/", "-", "_", ".", "/task-", "-kilo-", "_task_"]),
			pieces(name, ["-"]).map((branch) => `gt/toast/${branch}.ts:12:5`),
			pieces(name, [""], 2).map((word) => word.slice(0, 30)),
			fc.uuid(),
			fc.tuple(name, fc.constantFrom("-", "_", "/"), fc.uuid()).map((parts) => parts.join("")),
		),
		{ maxLength: 12 },
	)
	.map((list) => list.join(" "));
