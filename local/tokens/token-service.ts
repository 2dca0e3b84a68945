import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { FaultCounts } from "../fault-counts.ts";

/** What an integration (a GitHub App's installation) may reach: `owner/name`, read only or with push. */
export type Integration = {
	id: string;
	/** Whose it is, as towns name their owner; nobody else gets a token of it. Null: not told, anybody's. */
	owner: Owner | null;
	repositories: string[];
	write: boolean;
	revoked: boolean;
	/** Seconds that a token of it lives; GitHub's live an hour. */
	lifetime_s: number;
};

export type Owner = { type: string; id: string };
type Issued = { integration: string; expires_at: number; revoked: boolean };
type Stored = { integrations: Record<string, Integration>; tokens: Record<string, Issued> };

/** What a token may do with one repository now. `unknown`: never issued, revoked or expired. */
export type Access = "unknown" | "none" | "read" | "write";

export type Resolved =
	| { status: 200; body: { token: string; expires_at: string; repositories: string[] } }
	| { status: 403 | 404 | 500; body: { error: { code: string; message: string } } };

/** Tokens that nobody asked for since long are forgotten a day after their end. */
const FORGOTTEN_MS = 24 * 3_600_000;
const digest = (token: string): string => createHash("sha256").update(token).digest("hex");

/**
 * Plays the integration of a forge: resolves an integration to a token of its own, and says of a token what it may do.
 * Tokens are kept by their digest only. Everything survives a restart of this process.
 */
export class TokenService {
	readonly #path: string;
	readonly #state: Stored;
	/** Answers that fail, and the wait before each answer, until told otherwise. */
	readonly #failing = new FaultCounts<string>();
	readonly #delays = new Map<string, number>();

	constructor(path: string) {
		this.#path = path;
		this.#state = existsSync(path)
			? (JSON.parse(readFileSync(path, "utf8")) as Stored)
			: { integrations: {}, tokens: {} };
	}

	/** Makes an integration, or changes what is named of one that is there. */
	put(change: Partial<Integration> & { id: string }): Integration {
		const before = this.#state.integrations[change.id];
		const fresh = { owner: null, repositories: [], write: true, revoked: false, lifetime_s: 3_600 };
		const now: Integration = { ...fresh, ...before, ...change };
		this.#state.integrations[change.id] = now;
		this.#save();
		return now;
	}

	get(id: string): Integration | null {
		return this.#state.integrations[id] ?? null;
	}

	/** A token of this repository for a town of this owner, for `lifetime_s` from now. */
	async resolve(integrationId: string, repository: string, owner: Owner | null): Promise<Resolved> {
		const delay = this.#delays.get(integrationId) ?? this.#delays.get("") ?? 0;
		if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
		const failure = this.#failing.take(integrationId);
		if (failure !== null) return refuse(500, "internal", failure);
		const integration = this.get(integrationId);
		if (!integration)
			return refuse(404, "no-such-integration", `There is no integration "${integrationId}".`);
		if (integration.owner && (integration.owner.type !== owner?.type || integration.owner.id !== owner.id))
			return refuse(403, "another-owner", "The integration is another customer's.");
		if (integration.revoked) return refuse(403, "revoked", "The installation was removed by its owner.");
		if (!integration.repositories.includes(repository))
			return refuse(403, "not-covered", `The installation does not cover ${repository}.`);
		const token = `ghs_${randomBytes(18).toString("hex")}`;
		const expires = Date.now() + integration.lifetime_s * 1_000;
		this.#forget();
		this.#state.tokens[digest(token)] = { integration: integrationId, expires_at: expires, revoked: false };
		this.#save();
		const { repositories } = integration;
		return { status: 200, body: { token, expires_at: new Date(expires).toISOString(), repositories } };
	}

	access(token: string, repository: string): Access {
		const issued = this.#state.tokens[digest(token)];
		const integration = issued && this.get(issued.integration);
		if (!issued || !integration || issued.revoked || integration.revoked || issued.expires_at <= Date.now())
			return "unknown";
		if (!integration.repositories.includes(repository)) return "none";
		return integration.write ? "write" : "read";
	}

	/** The repositories that a token reaches; null of one that is not good. */
	reached(token: string): string[] | null {
		const issued = this.#state.tokens[digest(token)];
		const integration = issued && this.get(issued.integration);
		const [first = ""] = integration?.repositories ?? [];
		return integration && this.access(token, first) !== "unknown" ? integration.repositories : null;
	}

	/** Ends every token of an integration; the next `resolve` gives a new one. */
	revokeTokens(integrationId: string): number {
		const mine = Object.values(this.#state.tokens).filter((one) => one.integration === integrationId);
		for (const one of mine) one.revoked = true;
		this.#save();
		return mine.length;
	}

	/** Lets every token of an integration end at this moment, epoch milliseconds. */
	expireTokens(integrationId: string, at: number): void {
		for (const one of Object.values(this.#state.tokens))
			if (one.integration === integrationId) one.expires_at = at;
		this.#save();
	}

	/** The next `times` resolves answer 500, of one integration or of all. */
	fail(times: number, integration: string | null = null): void {
		this.#failing.set(times, "The integration service is out of order.", integration);
	}

	/** Every resolve waits so long before it answers, of one integration or of all. */
	delay(ms: number, integration = ""): void {
		this.#delays.set(integration, ms);
	}

	#forget(): void {
		for (const [key, one] of Object.entries(this.#state.tokens))
			if (one.expires_at < Date.now() - FORGOTTEN_MS) delete this.#state.tokens[key];
	}

	#save(): void {
		mkdirSync(dirname(this.#path), { recursive: true });
		writeFileSync(`${this.#path}.new`, JSON.stringify(this.#state), { mode: 0o600 });
		renameSync(`${this.#path}.new`, this.#path);
	}
}

const refuse = (status: 403 | 404 | 500, code: string, message: string): Resolved => ({
	status,
	body: { error: { code, message } },
});
