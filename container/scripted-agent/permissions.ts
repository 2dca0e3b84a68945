import type { Bus } from "./bus.ts";
import { newId } from "./ids.ts";
import { Rejected } from "./types.ts";

export type Reply = "once" | "always" | "reject";
/** As in opencode's configuration: `{"bash": {"git push --force *": "ask"}}`; what nothing names is allowed. */
export type PermissionRules = Record<string, Record<string, "allow" | "ask" | "deny">>;

type Asked = {
	sessionID: string;
	permission: string;
	patterns: string[];
	metadata: Record<string, unknown>;
	tool: { messageID: string; callID: string };
	signal: AbortSignal;
};
type Pending = { asked: Asked; answer(reply: Reply | "aborted"): void };

const matches = (pattern: string, text: string): boolean =>
	new RegExp(
		`^${pattern
			.split("*")
			.map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
			.join(".*")}$`,
		"s",
	).test(text);

/** Asks for what the rules want asked, and waits for an answer. */
export class Permissions {
	readonly #bus: Bus;
	readonly #rules: PermissionRules;
	readonly #pending = new Map<string, Pending>();
	readonly #always = new Set<string>();

	constructor(bus: Bus, rules: PermissionRules) {
		this.#bus = bus;
		this.#rules = rules;
	}

	/** Resolves when it is allowed; rejects with `Rejected` when it is not, or when the turn is aborted. */
	async ask(asked: Asked): Promise<void> {
		const { sessionID, permission, patterns, metadata, tool } = asked;
		const always = patterns.map((pattern) => `${pattern.split(" ").slice(0, 2).join(" ")} *`);
		const wanted = patterns.filter((_, n) => !this.#always.has(`${permission} ${always[n]}`));
		const verdicts = wanted.map((pattern) => this.#ruleFor(permission, pattern));
		if (verdicts.includes("deny"))
			throw new Rejected(`The rules do not allow ${permission}: ${patterns.join(", ")}`);
		if (!verdicts.includes("ask")) return;
		const id = newId("per");
		const reply = await new Promise<Reply | "aborted">((resolve) => {
			this.#pending.set(id, { asked, answer: resolve });
			asked.signal.addEventListener("abort", () => resolve("aborted"), { once: true });
			this.#bus.emit("permission.asked", { id, sessionID, permission, patterns, metadata, always, tool });
		}).finally(() => this.#pending.delete(id));
		if (reply === "aborted") throw new Rejected("Tool execution aborted");
		this.#bus.emit("permission.replied", { sessionID, requestID: id, reply });
		if (reply === "always") for (const one of always) this.#always.add(`${permission} ${one}`);
		if (reply === "reject")
			throw new Rejected("The user rejected permission to use this specific tool call.");
	}

	/** False where this one is not pending. */
	reply(id: string, reply: Reply): boolean {
		const pending = this.#pending.get(id);
		pending?.answer(reply);
		return pending !== undefined;
	}

	list(): object[] {
		return [...this.#pending].map(
			([
				id,
				{
					asked: { signal: _, ...asked },
				},
			]) => ({ id, ...asked }),
		);
	}

	/** The last rule that fits, as in opencode. */
	#ruleFor(permission: string, pattern: string): "allow" | "ask" | "deny" {
		const rules = Object.entries(this.#rules[permission] ?? {});
		return rules.findLast(([text]) => matches(text, pattern))?.[1] ?? "allow";
	}
}
