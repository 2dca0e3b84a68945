import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type IngestClient, ingestClient } from "../../local/played/ingest-client.ts";
import type { App } from "../../scripts/lib/app.ts";

export type RealTown = {
	id: string;
	rig: string;
	repository: string;
	integration: string;
	client: IngestClient;
	/** Makes beads and answers their ids. */
	beads(...titles: string[]): Promise<string[]>;
	/** Process groups of its agents, as its container keeps them. */
	groups(): { pgid: number; agent_id: string }[];
	/** Bare repository at the forge. */
	bare: string;
};

/** Asks the local world to break or mend something. */
export async function admin(app: App, what: string, body: object = {}): Promise<unknown> {
	const response = await fetch(`${app.local}/admin/${what}`, { method: "POST", body: JSON.stringify(body) });
	if (!response.ok) throw new Error(`${what}: ${response.status} ${await response.text()}`);
	return response.json();
}

/** Times short enough for a test. */
export const QUICK = {
	...{
		tick_active_ms: 500,
		tick_idle_ms: 2_000,
		back_off_ms: [300, 500, 800, 1_000, 1_500],
		restart_throttle_ms: 500,
	},
	...{ poll_pr_ms: 500, landing_back_off_ms: 300, abandoned_review_ms: 2_000, stale_work_ms: 3_000 },
};

/** A town of the test's own with a repository, an integration and a mayor; its scheduler makes the rest. */
export async function realTown(
	app: App,
	{ thresholds = {}, config = {}, rig = {} }: { thresholds?: object; config?: object; rig?: object } = {},
): Promise<RealTown> {
	const id = `real-${randomUUID().slice(0, 8)}`;
	const repository = `test/${id}`;
	const integration = `app-${id}`;
	await admin(app, "repository", { name: repository });
	await admin(app, "integration", { id: integration, repositories: [repository] });
	const client = ingestClient(app.settings.url, id, app.settings.secrets.CONTAINER_TOKEN_SECRET);
	const rigId = `${id}.rig`;
	await client.gastown("createTown", {
		name: `Real ${id}`,
		owner_type: "user",
		owner_id: "oauth/github:7781920",
	});
	await client.gastown("setTownState", {
		key: "config",
		value: {
			thresholds: { ...QUICK, ...thresholds },
			max_polecats_per_rig: 3,
			default_model: "scripted/m",
			...config,
		},
	});
	await client.gastown("createRig", {
		...{ id: rigId, name: "shop", git_url: `http://127.0.0.1:${app.settings.forgePort}/${repository}.git` },
		...{ platform_integration_id: integration, config: { ...rig } },
	});
	await client.gastown("createAgent", { id: `${id}.mayor`, role: "mayor", name: "Mayor" });
	return {
		...{ id, rig: rigId, repository, integration, client },
		bare: join(app.settings.state, "local/repositories", `${repository}.git`),
		async beads(...titles) {
			const ids = titles.map(() => `${id}.${randomUUID().slice(0, 8)}`);
			for (const [n, title] of titles.entries())
				await client.gastown("createBead", {
					id: ids[n] ?? "",
					title,
					rig_id: rigId,
					created_by: "oauth/github:7781920",
				});
			return ids;
		},
		groups: () =>
			JSON.parse(
				readFileSync(join(app.settings.state, "local/containers", id, "processes.json"), "utf8"),
			) as {
				pgid: number;
				agent_id: string;
			}[],
	};
}
