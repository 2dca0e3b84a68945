import type { OutsideEffect } from "../../../shared/interventions/index.ts";
import type { SchedulerHost } from "../scheduler/host.ts";
import {
	pushKiloToken,
	recordKilo,
	refreshContainerToken,
	refreshGitToken,
} from "../scheduler/perform/credentials.ts";
import { syncEnvironment } from "../scheduler/perform/environment.ts";
import type { OutsideAnswer } from "./carry-out.ts";

export type CredentialEffect = Extract<OutsideEffect, { kind: "refresh-credential" | "sync-config" }>;
export type CredentialHand = (effect: CredentialEffect, key: string) => Promise<OutsideAnswer>;

/** Refreshes credentials and hands out configuration as the scheduler does, under the intervention's key (LEDGER-2). */
export const atCredentials =
	(of: SchedulerHost): CredentialHand =>
	async (effect, key) => {
		const host = { ...of, town: { ...of.town, uuid: () => key } };
		try {
			if (effect.kind === "sync-config") return await sync(host, key);
			return await refresh(host, effect);
		} finally {
			of.changed();
		}
	};

async function sync(host: SchedulerHost, key: string): Promise<OutsideAnswer> {
	const said = await syncEnvironment(host, key);
	return said === null ? { is: "done" } : { is: "refused", message: said };
}

async function refresh(
	host: SchedulerHost,
	{ credential, rig }: Extract<CredentialEffect, { kind: "refresh-credential" }>,
): Promise<OutsideAnswer> {
	if (credential === "container") await refreshContainerToken(host)();
	else if (credential === "kilo") {
		recordKilo(host);
		await pushKiloToken(host)();
	} else {
		const found = await host.tokens.of(rig ?? "", { fresh: true });
		if (!found.ok) return { is: "refused", message: found.message };
		// What was found is kept now; a container that runs is given it.
		await refreshGitToken(host, { type: "refresh_git_token", rig: rig ?? "", fresh: false, why: "" })();
	}
	return { is: "done" };
}
