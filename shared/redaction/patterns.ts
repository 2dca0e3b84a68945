/** Stands where a secret was. */
export const REDACTED = "[redacted]";

/** A token begins a word: `task-…` holds no `sk-…`. What ends an escape (`\n`, `%3D`, a colour) belongs to no word. */
const START = String.raw`(?:(?<![A-Za-z0-9])|(?<=\\[bfnrt]|\\u[0-9a-fA-F]{4}|%[0-9a-fA-F]{2}|\[[0-9;]{0,12}m))`;
/** Where a piece between hyphens begins; keys have few of them. */
const PIECE = "(?:[A-Za-z0-9]{0,64}[-_]){0,12}";
const BOTH_CASES = "(?=[a-z0-9]{0,64}[A-Z])(?=[A-Z0-9]{0,64}[a-z])";
/** Random, and no words joined by hyphens. */
const RANDOM = `(?=${[
	`${PIECE}(?=[A-Za-z]{0,64}\\d)(?=\\d{0,64}[A-Za-z])[A-Za-z0-9]{12}`, // digits and letters in one long piece
	`${PIECE}${BOTH_CASES}[A-Za-z0-9]{16}`, // capital and small letters in one longer piece
	"(?=[a-z0-9_-]{0,200}[A-Z])(?=[A-Z0-9_-]{0,200}[a-z])[A-Za-z_-]{0,200}\\d", // all three anywhere
].join("|")})`;
/** Stricter, since branches and packages begin with `kilo-`: digits at two places of one long piece. A uuid has no such piece. */
const RANDOM_PIECE = `(?=${PIECE}(?=[A-Za-z]{0,64}\\d{1,64}[A-Za-z]{1,64}\\d)[A-Za-z0-9]{16})`;

/** Tokens that tell themselves by their beginning. Each lies, with what is before it, within one run of ASCII without spaces. */
export const TOKENS: readonly RegExp[] = [
	"gh[pousr]_[A-Za-z0-9]{16,}", // GitHub
	"github_pat_[A-Za-z0-9_]{16,}",
	"gl(?:pat|ptt|dt|rt|cbt|soat|agent)-[A-Za-z0-9_.-]{16,}", // GitLab
	"eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{4,}(?:\\.[A-Za-z0-9_-]*)?", // JWT, Kilo's keys among them
	`[srp]k[-_]${RANDOM}[A-Za-z0-9_-]{16,}`, // OpenAI, Anthropic, Stripe
	`kilo[-_]${RANDOM_PIECE}[A-Za-z0-9_-]{20,}`,
	"xox[abeoprs]-[A-Za-z0-9-]{10,}", // Slack
	"A(?:KIA|SIA)[0-9A-Z]{16}[A-Za-z0-9]*", // AWS; what is glued to it goes too, so that nothing new begins behind it
	"AIza[A-Za-z0-9_-]{30,}", // Google
	"npm_[A-Za-z0-9]{30,}",
].map((token) => new RegExp(START + token, "g"));

/** How they begin: most text holds none, and is read once instead of once for each. */
export const TOKEN_HINT =
	/gh[pousr]_|github_pat_|gl(?:pat|ptt|dt|rt|cbt|soat|agent)-|eyJ|[srp]k[-_]|kilo[-_]|xox[abeoprs]-|A(?:KIA|SIA)|AIza|npm_/;

/** `scheme://user:token@`, the scheme perhaps cut off; within one run too. */
export const URL_USER = /:\/\/[!#-&(-.0-;=?A-_a-~]{1,2048}@/g;

const BLANKS = "[ \\t]{0,4}";
const QUOTE = "\\\\{0,2}[\"']";
const RUN = "[\\x21-\\x7e]";
const WORDS =
	"secret|token(?!s)|password|passwd|api[-_]?key|private[-_]?key|access[-_]?key|credential|authorization|cookie";
/** Text without any of these holds no assignment and no bearer token. */
export const NAME_HINT = new RegExp(`${WORDS}|bearer|basic`, "i");
/** A name that tells a secret, with what may stand between it and its value. */
const NAME = `(?:${WORDS})[A-Za-z0-9_-]{0,64}(?:${QUOTE})?${BLANKS}`;
const QUOTED = `\\\\{0,2}"[^"\\n]*|\\\\{0,2}'[^'\\n]*`;
/** A value without quotes ends at what closes an argument or a list. */
const VALUE = "[!#-%(*-+\\-.-:=?-\\[^_a-{|~]+";
const SCHEME = "(?:bearer|basic|token)[ \\t]{1,4}";

/** `NAME = value`, `"name": "value"`, `Authorization: Bearer value`. */
export const ASSIGNMENT = new RegExp(`(${NAME}[:=]${BLANKS})(${SCHEME})?(${QUOTED}|${VALUE})`, "gi");

/** `Bearer value` outside of a header. */
export const BEARER = /((?:bearer|basic)[ \t]{1,4})([A-Za-z0-9._~+/=-]{16,})/gi;

/** The end of a text that may go on to be an assignment or a bearer token. */
export const OPEN_END = new RegExp(
	`(?:(?:${NAME}(?:[:=]${BLANKS}(?:${SCHEME})?(?:${QUOTED}|${RUN}*))?)|(?:${SCHEME}${RUN}*))$`,
	"i",
);

export const PRIVATE_KEY =
	/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:[\s\S]*?-----END [A-Z ]{0,40}PRIVATE KEY-----|[\s\S]*$)/g;
/** A key block that has begun, or whose first line may be beginning. */
export const OPEN_KEY =
	/-----BEGIN(?: [A-Z ]{0,40}(?:PRIVATE KEY-----(?:(?!-----END [A-Z ]{0,40}PRIVATE KEY-----)[\s\S])*|[A-Z-]{0,20}))?$/;
