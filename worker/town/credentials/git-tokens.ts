import type { GitToken } from "../../../shared/control/index.ts";
import { type GitPlace, type Rig, readGitUrl, thresholdsOf } from "../../../shared/gastown/index.ts";
import { type CredentialReport, REPORTS, type ReportInput } from "../../../shared/ingest/index.ts";
import { redact } from "../../../shared/redaction/index.ts";
import type { LiveOps } from "../../live-ops/index.ts";
import { findRig } from "../rigs.ts";
import { fail, ok, type Result, type Town } from "../town.ts";
import { townValue } from "../town-state.ts";
import { fingerprintOf, type Kept, keepToken, usableToken } from "./kept.ts";
import { recordCredentialEvent } from "./record.ts";
import { type Source, sourceOf } from "./sources.ts";

/** Takes a verified token that is only tried: nothing of it is journaled or kept. */
type Trial = (kept: Kept) => void;

/** Token service and forge are given up on after this. */
const TIMEOUT_MS = 10_000;
const CAUSE = { kind: "scheduler", what: "credentials", id: null, by: null };

type Options = {
	town: Town;
	live: Pick<LiveOps, "run">;
	/** `GIT_TOKEN_SERVICE_URL`; empty where there is none. */
	service: string;
	send: typeof fetch;
};

/**
 * Finds the git token of a rig (CRED-1): one set by hand wins, then the rig's integration by the token service, then the town's own. Each
 * step that goes out is journaled with its status and words, never with the token.
 */
export class GitTokens {
	readonly #options: Options;
	readonly #finding = new Map<string, Promise<Result<GitToken>>>();

	constructor(options: Options) {
		this.#options = options;
	}

	/**
	 * The token that is kept while it is good, else, or when it is to be `fresh`, one that is found and verified now. A
	 * failure says which step failed, in its own words. Who asks while it is being found gets the same.
	 */
	of(rigId: string, { fresh = false } = {}): Promise<Result<GitToken>> {
		const under = this.#finding.get(rigId);
		if (under) return under;
		const { town } = this.#options;
		const rig = findRig(town, rigId);
		const place = rig && readGitUrl(rig.git_url);
		if (!rig || !place)
			return Promise.resolve(
				fail("no-repository", `The rig "${rigId}" has no repository at a forge.`, { id: rigId }),
			);
		const kept = fresh ? null : this.#stillGood(rig);
		if (kept) return Promise.resolve(ok(shown(rigId, kept)));
		const finding = this.#find(rigId, place, sourceOf(town, rig)).finally(() => this.#finding.delete(rigId));
		this.#finding.set(rigId, finding);
		return finding;
	}

	/** A token of an integration that is not linked yet, verified; what wins and what is kept stays as it is. */
	async tryIntegration(rigId: string, id: string): Promise<Result<Kept>> {
		const rig = findRig(this.#options.town, rigId);
		const place = rig && readGitUrl(rig.git_url);
		if (!place) return fail("no-repository", "This rig has no repository at a forge.", { id: rigId });
		let kept: Kept | null = null;
		const found = await this.#resolve(
			rigId,
			place,
			{ kind: "integration", id, name: `integration:${id}` },
			(one) => {
				kept = one;
			},
		);
		if (!found.ok) return found;
		return kept
			? ok(kept)
			: fail("forge-down", "The forge could not be asked what its token may do.", { id: rigId });
	}

	/** What the forge said of its end when it was set. */
	#manualEnd(rigId: string): string | null {
		const shown = findRig(this.#options.town, rigId)?.config.manual_credential as
			| { expires_at?: unknown }
			| undefined;
		return typeof shown?.expires_at === "string" ? shown.expires_at : null;
	}

	#find(rigId: string, place: GitPlace, source: Source | null): Promise<Result<GitToken>> {
		if (source?.kind === "integration") return this.#resolve(rigId, place, source);
		if (source)
			return this.#verified(rigId, place, {
				...{ token: source.token, source: source.name },
				expires_at: source.name === "manual" ? this.#manualEnd(rigId) : null,
			});
		const message = "No integration is linked to this rig, and no token is set.";
		this.#record(rigId, { type: "resolve", outcome: "failed", source: "none", message });
		return Promise.resolve(fail("no-token", message, { id: rigId }));
	}

	/** One that ends soon, that git was refused with, or that is of a source which no longer wins, is not used again. */
	#stillGood(rig: Rig): Kept | null {
		const kept = usableToken(this.#options.town, rig);
		return kept && !this.#endsSoon(kept) ? kept : null;
	}

	#endsSoon({ expires_at }: Kept): boolean {
		const { town } = this.#options;
		const { git_token_ahead_ms } = thresholdsOf(townValue(town, "config"));
		return expires_at !== null && Date.parse(expires_at) - town.now() < git_token_ahead_ms;
	}

	async #resolve(
		rigId: string,
		place: GitPlace,
		{ id, name: source }: Extract<Source, { kind: "integration" }>,
		trial: Trial | null = null,
	): Promise<Result<GitToken>> {
		const { service, send, town } = this.#options;
		const self = townValue(town, "town");
		// The service gives nobody a token of another's integration.
		const owner = self && { type: self.owner_type, id: self.owner_id };
		const { status, body, error } = service
			? await asked(send, `${service}/resolve`, {
					method: "POST",
					headers: { "content-type": "application/json" },
					body: JSON.stringify({ integration_id: id, repo: `${place.owner}/${place.name}`, owner }),
				})
			: {
					status: 0,
					body: null,
					error: "GIT_TOKEN_SERVICE_URL is not set: nothing resolves an integration.",
				};
		const answer = body as {
			token?: string;
			expires_at?: string;
			error?: { code: string; message: string };
		} | null;
		if (status === 200 && answer?.token) {
			const kept = { token: answer.token, expires_at: answer.expires_at ?? null, source };
			if (!trial)
				this.#record(rigId, {
					type: "resolve",
					outcome: "ok",
					status,
					source,
					expires_at: kept.expires_at,
					fingerprint: fingerprintOf(kept.token),
				});
			return this.#verified(rigId, place, kept, trial);
		}
		const message = words(answer?.error?.message ?? error ?? `The token service answered ${status}.`);
		const outcome =
			answer?.error?.code === "revoked"
				? "revoked"
				: status === 401 || status === 403
					? "unauthorized"
					: "failed";
		if (!trial) this.#record(rigId, { type: "resolve", outcome, status: status || null, source, message });
		return fail("no-token", `No token for the repository: ${message}`, { id: rigId, status });
	}

	/** Asks the forge what the token may do, and keeps it where it may push. */
	async #verified(
		rigId: string,
		place: GitPlace,
		kept: Kept,
		trial: Trial | null = null,
	): Promise<Result<GitToken>> {
		const { town, live, send } = this.#options;
		const url = `${place.apiBase}/repos/${place.owner}/${place.name}`;
		const { status, body, error } = await asked(send, url, {
			// GitHub refuses requests without a name.
			headers: { authorization: `Bearer ${kept.token}`, "user-agent": "townwatch" },
		});
		const may = (body as { permissions?: { push?: boolean } } | null)?.permissions;
		const told = {
			type: "verify",
			source: kept.source,
			status: status || null,
			fingerprint: fingerprintOf(kept.token),
		} as const;
		if (status === 200 && may?.push !== false) {
			if (!trial) this.#record(rigId, { ...told, outcome: "ok", expires_at: kept.expires_at });
			if (trial) trial(kept);
			else live.run(CAUSE, () => keepToken(town, rigId, kept));
			return ok(shown(rigId, kept));
		}
		const message = words(
			status === 200
				? "The token may read the repository but not push to it."
				: (error ?? `The forge answered ${status}: ${(body as { message?: string } | null)?.message ?? ""}`),
		);
		if (!trial)
			this.#record(rigId, {
				...told,
				outcome: status === 401 || status === 403 || status === 404 ? "unauthorized" : "failed",
				message,
			});
		// A forge that is down says nothing of the token.
		if (status === 0 || status >= 500) return ok(shown(rigId, kept));
		return fail("bad-token", `The token does not reach the repository: ${message}`, { id: rigId, status });
	}

	#record(rigId: string, event: Omit<ReportInput<"credential-events">, "credential" | "rig_id">): void {
		const { town, live } = this.#options;
		const about = { rig_id: rigId, credential: "git" } as const;
		const report: CredentialReport = REPORTS["credential-events"].parse({ ...event, ...about });
		live.run(CAUSE, () => recordCredentialEvent(town, report));
	}
}

/** Of others, as they may be told. */
const words = (text: string): string => redact(text).slice(0, 2_000);

const shown = (rig_id: string, { token, expires_at }: Kept): GitToken => ({
	...{ rig_id, token, expires_at, fingerprint: fingerprintOf(token) },
});

/** `status` 0 where there was no answer: then `error` says why. */
async function asked(
	send: typeof fetch,
	url: string,
	init: RequestInit,
): Promise<{ status: number; body: unknown; error: string | null }> {
	try {
		const response = await send(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
		return { status: response.status, body: await response.json().catch(() => null), error: null };
	} catch (error) {
		const late = error instanceof DOMException && error.name === "TimeoutError";
		const who = new URL(url).host;
		const message = late
			? `No answer from ${who} within ${TIMEOUT_MS / 1_000} s.`
			: `No answer from ${who}: ${String(error)}`;
		return { status: 0, body: null, error: message };
	}
}
