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
