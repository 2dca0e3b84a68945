import type { Rig } from "../../shared/gastown/index.ts";
import { manualToken, winningSource } from "../../shared/interventions/credential.ts";
import { lookupOf } from "../../shared/town-view/index.ts";
import { CauseCard } from "../town/cause-card.tsx";
import { useOpenTown } from "../town/open-town.ts";
import { Actions } from "./actions.tsx";
import { KnownFacts } from "./known-facts.tsx";

/** A rig's git token: where it comes from, how it is, and what can be done. */
export function RigCredentials({ rig }: { rig: Rig }) {
	const { id: town, view } = useOpenTown();
	const lookup = lookupOf(view);
	const manual = manualToken(rig.id, lookup);
	const ofRig = { kind: "rig", id: rig.id } as const;
	return (
		<section aria-label={`Git token of ${rig.name}`} className="border-kumo-hairline border-b px-4 py-3">
			<header className="flex flex-wrap items-center gap-x-4 gap-y-1 pb-1">
				<h3 className="font-semibold text-lg">{rig.name}</h3>
				<span className="min-w-0 truncate text-tone-quiet">{rig.git_url || "no repository"}</span>
			</header>
			<CauseCard kind="rig" id={rig.id} />
			<CauseCard kind="credential" id={`${rig.id}/git`} />
			<dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 pb-2">
				<dt className="text-tone-quiet">Source that wins</dt>
				<dd>{sourceWords(winningSource(rig.id, lookup))}</dd>
				<dt className="text-tone-quiet">Integration</dt>
				<dd>{rig.platform_integration_id ?? "none of its own"}</dd>
				<dt className="text-tone-quiet">Set by hand</dt>
				<dd>{manual ? <code className="text-xs leading-5">{manual.fingerprint}</code> : "nothing"}</dd>
				<KnownFacts row={lookup.credential(rig.id, "git")} heldAs={rig.id} />
			</dl>
			<div className="flex flex-wrap gap-2">
				<Actions
					target={{ kind: "town", id: town }}
					offered={[
						{
							name: "credential.refresh",
							params: { credential: "git", rig: rig.id },
							label: "Refresh git token",
						},
					]}
				/>
				<Actions
					target={ofRig}
					offered={[
						{ name: "credential.set-token", label: "Set a token by hand" },
						{ name: "credential.clear-token", label: "Clear it" },
						{ name: "credential.relink", label: "Link another integration", chosen: true },
					]}
				/>
			</div>
		</section>
	);
}

function sourceWords(source: string | null): string {
	if (source === null) return "none: no integration is linked and no token is set";
	if (source === "manual") return "the token set by hand";
	return source === "town" ? "the town's own token" : source.replace(":", " ");
}
