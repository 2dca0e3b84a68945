import { rigCredentials } from "../../../../shared/gastown/index.ts";
import { type CredentialReport, REPORTS, type ReportInput } from "../../../../shared/ingest/index.ts";
import type { ControlAnswer } from "../../../rpc.ts";
import { refusalIn } from "../../control.ts";
import { endOfToken, fingerprintOf, kiloToken, usableToken } from "../../credentials/kept.ts";
import { recordCredentialEvent } from "../../credentials/record.ts";
import { writeSecret } from "../../credentials/secrets.ts";
import { noteHeld } from "../../pulse.ts";
import { findRig } from "../../rigs.ts";
import { getRow } from "../../rows.ts";
import { ok, type Result } from "../../town.ts";
import type { Action, ActionType } from "../actions.ts";
import { act, type SchedulerHost } from "../host.ts";
import { TOKEN_GIVEN } from "../observe.ts";
import type { Effect } from "../scheduler.ts";

type Of<T extends Action["type"]> = Extract<Action, { type: T }>;

/** Every credential event of the scheduler goes by the same check as a container's. */
const record = (
	host: SchedulerHost,
	what: ActionType,
	event: ReportInput<"credential-events">,
): Result<unknown> => {
	const report: CredentialReport = REPORTS["credential-events"].parse(event);
	return act(host, what, (town) => recordCredentialEvent(town, report));
};

/** Tokens go to the container, which keeps them for whoever asks: no session is restarted (CONTAINER-6). */
async function push(
	host: SchedulerHost,
	what: ActionType,
	body: object,
	about: Omit<ReportInput<"credential-events">, "type" | "outcome">,
): Promise<"held" | "gone"> {
	const answer = await host
		.arm()
		.control({ method: "POST", path: "/refresh-token", key: host.town.uuid(), body });
	// It has ended meanwhile: the next one is given its own.
	if (!answer.ok && answer.code === "not-running") return "gone";
	const message = refusalIn(answer);
	const status = answer.ok ? answer.status : null;
	record(host, what, {
		...about,
		type: "push",
		outcome: message === null ? "ok" : "failed",
		status,
		message,
	});
	if (message !== null) throw new Error(message);
	act(host, what, (town) => ok(noteHeld(town, fingerprintsIn(answer))));
	return "held";
}

/** What the container says it holds now. */
function fingerprintsIn(answer: ControlAnswer): Record<string, string> {
	const said = answer.ok ? (answer.body as { fingerprints?: unknown } | null)?.fingerprints : null;
	const entries = typeof said === "object" && said !== null ? Object.entries(said) : [];
	return Object.fromEntries(
		entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
	);
}

export const refreshContainerToken =
	(host: SchedulerHost): Effect =>
	async () => {
		const token = await host.containerToken();
		const pushed = await push(
			host,
			"refresh_container_token",
			{ container_token: token },
			{
				...{ credential: "container", source: "minted", fingerprint: fingerprintOf(token) },
				expires_at: isoEnd(token),
			},
		);
		if (pushed === "held") writeSecret(host.town, TOKEN_GIVEN, host.town.now());
	};

export const refreshGitToken =
	(host: SchedulerHost, { rig, fresh }: Of<"refresh_git_token">): Effect =>
	async () => {
		const found = await host.tokens.of(rig, { fresh });
		if (!found.ok) throw new Error(found.message);
		const { fingerprint, expires_at } = found.value;
		const row = findRig(host.town, rig);
		const kept = row && usableToken(host.town, row);
		// One that the forge could not be asked about is not kept: what the container holds may be the better one.
		if (kept?.token !== found.value.token)
			throw new Error("The forge could not be asked what the new token may do, so it was not handed out.");
		const about = { rig_id: rig, credential: "git", fingerprint, expires_at } as const;
		await push(host, "refresh_git_token", { git_tokens: [found.value] }, about);
	};

export const pushKiloToken =
	(host: SchedulerHost): Effect =>
	async () => {
		const token = kiloToken(host.town);
		if (token === null) return;
		const about = { credential: "kilo", source: "config", fingerprint: fingerprintOf(token) } as const;
		await push(host, "push_kilo_token", { kilo_token: token }, about);
	};

/** An admin had it read from the configuration again. */
export function recordKilo(host: SchedulerHost): void {
	const token = kiloToken(host.town);
	if (token === null) return;
	const shown = { fingerprint: fingerprintOf(token), expires_at: isoEnd(token) };
	record(host, "note_kilo_token", {
		...{ credential: "kilo", type: "resolve", outcome: "ok", source: "config", ...shown },
	});
}

/** What is known of it now: that it was set, or that it ends or has ended. */
export const noteKiloToken = (
	host: SchedulerHost,
	{ outcome, message }: Of<"note_kilo_token">,
): Result<unknown> | null => {
	const token = kiloToken(host.town);
	if (token === null) return null;
	const fingerprint = fingerprintOf(token);
	const known = getRow(host.town.sql, rigCredentials, "town", "kilo");
	return record(host, "note_kilo_token", {
		...{ credential: "kilo", source: "config", fingerprint, outcome, message, expires_at: isoEnd(token) },
		type: known?.fingerprint === fingerprint ? "verify" : "resolve",
	});
};

function isoEnd(token: string): string | null {
	const end = endOfToken(token);
	return end === null ? null : new Date(end).toISOString();
}
