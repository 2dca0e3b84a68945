import { readGitUrl } from "../../../shared/gastown/index.ts";
import { CATALOGUE, type Order } from "../../../shared/interventions/index.ts";
import { checkToken } from "../credentials/check-token.ts";
import type { GitTokens } from "../credentials/git-tokens.ts";
import type { Kept } from "../credentials/kept.ts";
import { findRig } from "../rigs.ts";
import type { Town } from "../town.ts";

/**
 * What an order needs beside its parameters, found out before it is applied in one turn: its secret, and what the forge said of
 * a token. `refused`: the forge or the token service said no. None of it is written anywhere but in the town's secrets.
 */
export type Given = {
	secret?: string;
	token?: Kept;
	refused?: { code: string; message: string };
};

type Host = {
	town: Town;
	tokens: Pick<GitTokens, "tryIntegration">;
	send: typeof fetch;
	/** An admin's address, null where the directory has none. */
	emailOf(admin: string): Promise<string | null>;
};

/** Asks outside for what the order needs; to be called only where its precondition holds. */
export async function givenFor(host: Host, order: Order, secret: string | null): Promise<Given> {
	const rig = findRig(host.town, order.target);
	const place = rig && readGitUrl(rig.git_url);
	if (order.name === "credential.set-token" && secret !== null && place) {
		const admin = { id: order.admin, email: await host.emailOf(order.admin) };
		const checked = await checkToken({ token: secret, place, admin }, host.send);
		if (!checked.ok) return { refused: checked };
		return { secret, token: { token: secret, expires_at: checked.expires_at, source: "manual" } };
	}
	const params = CATALOGUE[order.name]?.params.safeParse(order.params);
	if (order.name === "credential.relink" && params?.success && place) {
		const tried = await host.tokens.tryIntegration(order.target, String(params.data.integration));
		return tried.ok ? { token: tried.value } : { refused: tried };
	}
	return secret === null ? {} : { secret };
}
