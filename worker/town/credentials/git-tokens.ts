import { createHash } from "node:crypto";
import type { GitToken } from "../../../shared/control/index.ts";
import { type GitPlace, readGitUrl, thresholdsOf } from "../../../shared/gastown/index.ts";
import { type CredentialReport, REPORTS, type ReportInput } from "../../../shared/ingest/index.ts";
import { redact } from "../../../shared/redaction/index.ts";
import type { LiveOps } from "../../live-ops/index.ts";
import { findRig } from "../rigs.ts";
import { fail, ok, type Result, type Town } from "../town.ts";
import { townValue } from "../town-state.ts";
import { recordCredentialEvent } from "./record.ts";
import { readSecret, writeSecret } from "./secrets.ts";

/** Token service and forge are given up on after this. */
const TIMEOUT_MS = 10_000;
const CAUSE = { kind: "scheduler", what: "credentials", id: null, by: null };

type Kept = { token: string; expires_at: string | null; source: string };
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

	constructor(options: Options) {
		this.#options = options;
	}

	/** `fresh`: whatever is kept, it is resolved anew. A failure says which step failed, in its own words. */
	async of(rigId: string, { fresh = false } = {}): Promise<Result<GitToken>> {
		const { town } = this.#options;
		const rig = findRig(town, rigId);
		const place = rig && readGitUrl(rig.git_url);
		if (!rig || !place)
			return fail("no-repository", `The rig "${rigId}" has no repository at a forge.`, { id: rigId });
		const manual = readSecret(town, `rig:${rigId}:git_token`);
		if (typeof manual === "string")
			return this.#verified(rigId, place, { token: manual, expires_at: null, source: "manual" });
		const kept = readSecret(town, `rig:${rigId}:git`) as Kept | null;
		if (kept && !fresh && !this.#endsSoon(kept)) return ok(shown(rigId, kept));
		if (rig.platform_integration_id !== null && this.#options.service)
			return this.#resolve(rigId, place, rig.platform_integration_id);
		const own = readSecret(town, "git_auth.github_token");
		if (typeof own === "string")
			return this.#verified(rigId, place, { token: own, expires_at: null, source: "town" });
		return fail("no-token", "No integration is linked to this rig, and no token is set.", { id: rigId });
	}

	#endsSoon({ expires_at }: Kept): boolean {
		const { town } = this.#options;
		const { git_token_ahead_ms } = thresholdsOf(townValue(town, "config"));
		return expires_at !== null && Date.parse(expires_at) - town.now() < git_token_ahead_ms;
	}

	async #resolve(rigId: string, place: GitPlace, integration: string): Promise<Result<GitToken>> {
		const { service, send } = this.#options;
		const source = `integration:${integration}`;
		const { status, body, error } = await asked(send, `${service}/resolve`, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ integration_id: integration, repo: `${place.owner}/${place.name}` }),
		});
		const answer = body as {
			token?: string;
			expires_at?: string;
			error?: { code: string; message: string };
		} | null;
		if (status === 200 && answer?.token) {
			const kept = { token: answer.token, expires_at: answer.expires_at ?? null, source };
			this.#record(rigId, {
				type: "resolve",
				outcome: "ok",
				status,
				source,
				expires_at: kept.expires_at,
				fingerprint: fingerprintOf(kept.token),
			});
			return this.#verified(rigId, place, kept);
		}
		const message = answer?.error?.message ?? error ?? `The token service answered ${status}.`;
		const outcome =
			answer?.error?.code === "revoked"
				? "revoked"
				: status === 401 || status === 403
					? "unauthorized"
					: "failed";
		this.#record(rigId, { type: "resolve", outcome, status: status || null, source, message });
		return fail("no-token", `No token for the repository: ${message}`, { id: rigId, status });
	}

	/** Asks the forge what the token may do, and keeps it where it may push. */
	async #verified(rigId: string, place: GitPlace, kept: Kept): Promise<Result<GitToken>> {
		const { town, live, send } = this.#options;
		const url = `${place.apiBase}/repos/${place.owner}/${place.name}`;
		const { status, body, error } = await asked(send, url, {
			headers: { authorization: `Bearer ${kept.token}` },
		});
		const may = (body as { permissions?: { push?: boolean } } | null)?.permissions;
		const told = {
			type: "verify",
			source: kept.source,
			status: status || null,
			fingerprint: fingerprintOf(kept.token),
		} as const;
		if (status === 200 && may?.push !== false) {
			this.#record(rigId, { ...told, outcome: "ok", expires_at: kept.expires_at });
			live.run(CAUSE, () => writeSecret(town, `rig:${rigId}:git`, kept));
			return ok(shown(rigId, kept));
		}
		const message =
			status === 200
				? "The token may read the repository but not push to it."
				: (error ?? `The forge answered ${status}: ${(body as { message?: string } | null)?.message ?? ""}`);
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
		const report: CredentialReport = REPORTS["credential-events"].parse({
			...event,
			...{
				rig_id: rigId,
				credential: "git",
				message: event.message ? redact(event.message).slice(0, 2_000) : null,
			},
		});
		live.run(CAUSE, () => recordCredentialEvent(town, report));
	}
}

export const fingerprintOf = (token: string): string =>
	createHash("sha256").update(token).digest("hex").slice(0, 8);

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
		const message = late ? `No answer within ${TIMEOUT_MS / 1_000} s.` : `No answer: ${String(error)}`;
		return { status: 0, body: null, error: message };
	}
}
