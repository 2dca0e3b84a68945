import type { Forge } from "../forge/forge.ts";
import type { ScriptedModel } from "../model/scripted-model.ts";
import type { Platform } from "../platform/platform.ts";
import { type IngestClient, ingestClient, Refused } from "../played/ingest-client.ts";
import type { TokenService } from "../tokens/token-service.ts";

/** What the demo acts on. */
export type DemoWorld = {
	forge: Forge;
	tokens: TokenService;
	platform: Platform;
	model: ScriptedModel;
	worker: string;
	secret: string;
	/** Polecats of a rig at most, where its agents are heavy processes; null: as many as its plan says. */
	polecats: number | null;
	/** Ends the demo. */
	signal: AbortSignal;
	say: (line: string) => void;
};

export type DemoRig = {
	name: string;
	/** `owner/name` at the forge. */
	repository: string;
	/** Repositories that its integration covers, where it is not that one. */
	covers?: string[];
};

/** A town that works: its scheduler makes the agents, they do the work. */
export type DemoTown = {
	id: string;
	name: string;
	owner: { type: "user" | "org"; id: string };
	rigs: DemoRig[];
	/** TownConfig. */
	config: Record<string, unknown>;
	/** Everything that people and the world do to it, until the demo ends. */
	live(town: LivingTown): Promise<unknown>;
};

export type LivingTown = {
	id: string;
	owner: string;
	client: IngestClient;
	world: DemoWorld;
	rigId(name: string): string;
	integrationId(name: string): string;
};

const integrationId = (town: string, rig: string): string => `app-${town}-${rig}`;

/** Makes what is not there yet of a town, its repositories and its integrations, and tells what is to be done with it. */
export async function openTown(plan: DemoTown, world: DemoWorld): Promise<LivingTown> {
	const client = ingestClient(world.worker, plan.id, world.secret);
	const rigId = (name: string) => `${plan.id}.${name}`;
	await client.gastown("createTown", {
		name: plan.name,
		owner_type: plan.owner.type,
		owner_id: plan.owner.id,
	});
	const few = world.polecats === null ? {} : { max_polecats_per_rig: world.polecats };
	await client.gastown("setTownState", { key: "config", value: { ...plan.config, ...few } });
	for (const { name, repository, covers } of plan.rigs) {
		await world.forge.ensure(repository);
		const id = integrationId(plan.id, name);
		if (!world.tokens.get(id))
			world.tokens.put({ id, owner: plan.owner, repositories: covers ?? [repository] });
		await client
			.gastown("createRig", {
				...{ id: rigId(name), name, git_url: `${world.forge.url}/${repository}.git` },
				platform_integration_id: id,
			})
			.catch(unlessThere);
	}
	await client
		.gastown("createAgent", {
			id: `${plan.id}.mayor`,
			role: "mayor",
			name: `${plan.name.split(" ")[0]}-Mayor`,
		})
		.catch(unlessThere);
	return {
		...{ id: plan.id, owner: plan.owner.id, client, world, rigId },
		integrationId: (name) => integrationId(plan.id, name),
	};
}

function unlessThere(error: unknown): void {
	if (!(error instanceof Refused && error.code === "exists")) throw error;
}
