import type { GitToken, StartAgent } from "../../../shared/control/index.ts";
import {
	type Agent,
	type Bead,
	beads,
	convoyMetadata,
	currentPrompt,
	limitsOf,
	modelOf,
	type Rig,
	reviewMetadata,
	rigs,
	type Task,
	taskPrompt,
	workerFor,
} from "../../../shared/gastown/index.ts";
import { labelsOf } from "../../../shared/town-view/index.ts";
import { findBead } from "../beads.ts";
import { kiloToken } from "../credentials/kept.ts";
import { findRig } from "../rigs.ts";
import { getRow, listRows } from "../rows.ts";
import type { Town } from "../town.ts";
import { townValue } from "../town-state.ts";

/** What the container is told to start: the task in words, and where it is done. */
export function orderOf(
	town: Town,
	agent: Agent,
	bead: Bead,
	attempt: string,
	token: GitToken | null,
): StartAgent {
	const rig = bead.rig_id === null ? null : findRig(town, bead.rig_id);
	const config = townValue(town, "config");
	const name = findBead(town, agent.bead_id)?.title ?? agent.identity;
	const role = roleOf(agent, bead);
	const task = taskOf(town, { agent: name, role, bead, rig });
	const place = worksInRepository(agent, bead) ? rig : null;
	return {
		...{
			agent_id: agent.bead_id,
			attempt_id: attempt,
			bead_id: role === "mayor" ? null : bead.bead_id,
			role,
			name,
		},
		rig: place && {
			...{ id: place.id, name: place.name },
			...{ git_url: place.git_url, default_branch: place.default_branch },
		},
		// A refinery works on the target itself, on no branch of its own.
		branch: role === "polecat" ? task.branch : null,
		...{
			// An agent of the whole town has no repository to begin from.
			base: task.target || "main",
			git_token: token,
			kilo_token: kiloToken(town),
			prompt: taskPrompt(task),
		},
		system_prompt: currentPrompt(role, name, config, rig?.config),
		model: modelOf(agent.role, config, rig?.config),
		env: {},
	};
}

/** The others decide and talk: they get an empty folder, and need no token of a forge. */
export const worksInRepository = (agent: Agent, bead: Bead): boolean =>
	bead.rig_id !== null && ["polecat", "refinery"].includes(roleOf(agent, bead));

const roleOf = (agent: Agent, bead: Bead): Task["role"] =>
	agent.role === "mayor" ? "mayor" : workerFor({ type: bead.type, labels: labelsOf(bead) });

function taskOf(
	town: Town,
	{ agent, role, bead, rig }: { agent: string; role: Task["role"]; bead: Bead; rig: Rig | null },
): Task {
	const common = { role, title: bead.title, bead: bead.bead_id, rig: rig?.name ?? "" };
	if (role === "mayor")
		return { ...common, bead: "", branch: "", target: "", strategy: "", body: aboutTown(town) };
	if (role === "triage") return { ...common, branch: "", target: "", strategy: "", body: bead.body ?? "" };
	const review = getRow(town.sql, reviewMetadata, bead.bead_id);
	const main = rig?.default_branch ?? "main";
	if (review)
		return {
			...{ ...common, branch: review.branch, target: review.target_branch, body: bead.body ?? "" },
			strategy: limitsOf(townValue(town, "config"), rig?.config).merge_strategy,
		};
	const own = bead.metadata.branch;
	return {
		...{ ...common, strategy: "", target: targetOf(town, bead, main) },
		branch: typeof own === "string" && own !== "" ? own : branchOf(agent, bead),
		body: [bead.body ?? "", ...troublesOf(bead, targetOf(town, bead, main))].filter(Boolean).join("\n\n"),
	};
}

const branchOf = (agent: string, bead: Bead): string =>
	`polecat/${agent.toLowerCase().replace(/[^a-z0-9]+/g, "-")}/${bead.bead_id.replace(/[^\w]+/g, "-").slice(-8)}`;

/** A member of a convoy that lands as a whole goes to its feature branch. */
export function targetOf(town: Town, bead: Pick<Bead, "metadata">, main: string): string {
	const convoy = getRow(town.sql, convoyMetadata, String(bead.metadata.convoy_id ?? ""));
	return convoy?.merge_mode === "review-then-land" ? (convoy.feature_branch ?? main) : main;
}

/** What an earlier review met, so that this attempt can mend it. */
function troublesOf(bead: Bead, target: string): string[] {
	const { conflict, rework } = bead.metadata;
	return [
		...(typeof conflict === "string"
			? [`The branch conflicts with ${target}: ${conflict}. Merge ${target} into it and resolve that.`]
			: []),
		...(typeof rework === "string" ? [`The review asks for changes: ${rework}`] : []),
	];
}

function aboutTown(town: Town): string {
	const all = listRows(town.sql, rigs, "ORDER BY name").map(({ name, git_url }) => `rig ${name} ${git_url}`);
	const open = listRows(
		town.sql,
		beads,
		"WHERE type = 'issue' AND status NOT IN ('closed', 'failed') ORDER BY created_at DESC LIMIT 20",
	).map(({ status, title }) => `${status}: ${title}`);
	return ["Repositories:", ...all, "", "Unfinished work:", ...open].join("\n");
}
