import { randomUUID } from "node:crypto";
import { type TownPlayer, unlessRefused } from "../town-player.ts";
import { worksFor } from "./residents.ts";
import { idIn } from "./town-script.ts";
import { forever } from "./work.ts";

const MINUTE = 60_000;

/**
 * A polecat that hangs: alive, its heartbeat goes on, but no SDK event any more (agent.gupp-timeout). In a new town it hangs since
 * 17 minutes, told late with all that went before. Gastown would stop it after two hours; here it waits for an admin to reset it,
 * works for a while, and hangs again: then its silence has to grow as any other's.
 */
export function hangingPolecat(player: TownPlayer, name: string, rig: string): Promise<void> {
	const agent = idIn(player.town, name);
	const begun = player.since + MINUTE / 2;
	let at = Date.now() - begun > MINUTE ? begun : undefined;
	return forever(player, 20_000, async () => {
		const bead_id = randomUUID();
		const { gastown } = player.client;
		const bead = {
			...{ id: bead_id, rig_id: idIn(player.town, rig), priority: "high" as const, created_by: "patrol" },
			...{ title: "Make the cart test pass", body: "It has failed since the last merge." },
			assignee_agent_bead_id: agent,
		};
		await gastown("createBead", bead, undefined, at);
		const process = await player.dispatch(agent, bead_id, { recording: "loop", hangsAfter: MINUTE }, at);
		const message = "Running the cart tests again";
		await gastown("setAgentStatusMessage", { agent_id: agent, message }, undefined, at);
		at = undefined;
		await process.ended;
		await worksFor(player, name, rig, 5 * MINUTE);
	});
}

/**
 * Starts of one bead fail until all attempts are used (agent.dispatch-exhausted); its agent works on others meanwhile, and after
 * ten minutes the bead's user reopens it.
 */
export function failingStarts(player: TownPlayer, name: string, rig: string, by: string): Promise<void> {
	const agent = idIn(player.town, name);
	return forever(player, MINUTE, async () => {
		const bead_id = randomUUID();
		await player.client.gastown("createBead", {
			...{ id: bead_id, rig_id: idIn(player.town, rig), created_by: by },
			...{ title: "Upgrade the payment client", body: "The new major version; mind the renamed options." },
			assignee_agent_bead_id: agent,
		});
		for (let n = 0; n < 5; n++) {
			await player.failDispatch(agent, bead_id, "spawn kilo ENOMEM: cannot allocate memory");
			await player.pause(3_000);
		}
		await player.client.gastown("unhookBead", { agent_id: agent }).catch(unlessRefused);
		await worksFor(player, name, rig, 10 * MINUTE);
		await player.client
			.gastown("updateBeadStatus", { bead_id, status: "open", actor: by })
			.catch(unlessRefused);
	});
}

/** A bead that waits for one that failed (bead.blocked-by-dependency). When an admin has mended it, a new pair follows. */
export function blockedWork(player: TownPlayer, rig: string, by: string): Promise<void> {
	return forever(player, 8 * MINUTE, async () => {
		const rig_id = idIn(player.town, rig);
		const [schema, report] = [randomUUID(), randomUUID()];
		const make = (id: string, title: string) =>
			player.client.gastown("createBead", { id, title, rig_id, created_by: by, labels: ["gt:held"] });
		await make(schema, "Migrate the orders table");
		await make(report, "Monthly report of orders");
		await player.client.gastown("addDependency", { bead_id: report, depends_on_bead_id: schema });
		await player.client.gastown("updateBead", { bead_id: report, fields: { labels: [] }, actor: by });
		await player.client.gastown("updateBeadStatus", {
			...{ bead_id: schema, status: "failed", actor: "patrol" },
			failure_reason: {
				...{ code: "orphaned_work", source: "patrol" },
				message: "Its worktree was lost with its changes.",
			},
		});
		// What kept polecats off until it has failed is no hold of a person: reopened, it is dispatched.
		await player.client.gastown("updateBead", { bead_id: schema, fields: { labels: [] }, actor: by });
	});
}

/** A bead that stays with a polecat who has left the town (bead.dead-assignee). */
export function deadAssignee(player: TownPlayer, rig: string, by: string): Promise<void> {
	return forever(player, 9 * MINUTE, async () => {
		const rig_id = idIn(player.town, rig);
		const agent = randomUUID();
		await player.client.gastown("createAgent", {
			...{ id: agent, role: "polecat", name: "Larch", identity: agent, rig_id },
		});
		await player.client.gastown("deleteAgent", { agent_id: agent });
		await player.client.gastown("createBead", {
			...{ title: "Rename the basket to cart", rig_id, created_by: by },
			assignee_agent_bead_id: agent,
		});
	});
}

/** The rig's git token runs out and is refused; three minutes later it is renewed (credential.expired). */
export function expiringToken(player: TownPlayer, rig: string): Promise<void> {
	const rig_id = idIn(player.town, rig);
	const tell = (report: object) =>
		player.client.post("credential-events", {
			rig_id,
			credential: "git",
			source: "integration:github-app",
			...report,
		});
	const inMinutes = (minutes: number) => new Date(Date.now() + minutes * MINUTE).toISOString();
	return forever(player, MINUTE, async () => {
		await tell({
			type: "resolve",
			outcome: "ok",
			expires_at: inMinutes(60),
			fingerprint: randomUUID().slice(0, 8),
		});
		await tell({ type: "verify", outcome: "ok", status: 200 });
		await player.pause(4 * MINUTE);
		await tell({
			...{ type: "verify", outcome: "unauthorized", status: 401, expires_at: inMinutes(-1) },
			message: "Bad credentials",
		});
		await player.git({
			...{ operation: "fetch", rig_id, agent_id: null, bead_id: null, command: "git fetch origin" },
			...{ outcome: "denied", exit_code: 128, duration_ms: 290 },
			stderr: "remote: Invalid username or token.\nfatal: Authentication failed",
		});
		await player.pause(3 * MINUTE);
	});
}

/** The container dies under its agents, and the watchdog brings it back after 25 seconds (agent.container-died). */
export function dyingContainer(player: TownPlayer): Promise<void> {
	return forever(player, 1_000, async () => {
		await player.pause(7 * MINUTE);
		await player.die({}, 25_000);
	});
}

/** A mayor whose model refuses it for a while (mayor.session-errored); a new session gets through. */
export function sicklyMayor(player: TownPlayer, name: string): Promise<void> {
	const agent = idIn(player.town, name);
	return forever(player, 5_000, async () => {
		const waits = () =>
			player.client.gastown("updateAgentStatus", { agent_id: agent, status: "waiting" }).then(() => {});
		for (const [recording, minutes] of [
			["lifecycle", 3],
			["opencode-provider-fatal", 4],
		] as const) {
			const process = await player.dispatch(agent, null, { recording, stays: true, finish: waits });
			await Promise.race([player.pause(minutes * MINUTE), process.ended]);
			await player.stop(agent, null);
		}
	});
}
