import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { DemoTown, DemoWorld } from "../demo/real-town.ts";
import { gitIn } from "../forge/repository.ts";
import { type IngestClient, ingestClient, Refused } from "../played/ingest-client.ts";
import { escaped, page } from "./page.ts";

type Bead = { bead_id: string; title: string; type: string; status: string; created_at: string };
type Town = { plan: DemoTown; client: IngestClient };

/** The user's side of Gastown, as plain as can be: talk to the mayor, make beads, start a convoy, see what came of it. Development only. */
export class UserPages {
	readonly #world: DemoWorld;
	readonly #towns: Map<string, Town>;

	constructor(world: DemoWorld, plans: readonly DemoTown[]) {
		this.#world = world;
		this.#towns = new Map(
			plans.map((plan) => [plan.id, { plan, client: ingestClient(world.worker, plan.id, world.secret) }]),
		);
	}

	/** False where the address is none of these pages'. */
	async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean> {
		if (url.pathname !== "/user" && !url.pathname.startsWith("/user/")) return false;
		const [, , id = "", verb = ""] = url.pathname.split("/");
		const town = this.#towns.get(id);
		if (!town) {
			html(response, id === "" ? 200 : 404, this.#list());
			return true;
		}
		if (request.method === "POST") await this.#act(town, verb, request, response);
		else html(response, 200, await this.#town(town, url.searchParams.get("said") ?? ""));
		return true;
	}

	#list(): string {
		const links = [...this.#towns.values()].map(
			({ plan }) => `<li><a href="/user/${plan.id}">${escaped(plan.name)}</a></li>`,
		);
		return page("Your towns", `<h1>Your towns</h1><ul>${links.join("")}</ul>`);
	}

	async #act(
		{ plan, client }: Town,
		verb: string,
		request: IncomingMessage,
		response: ServerResponse,
	): Promise<void> {
		const form = new URLSearchParams(await text(request));
		const value = (name: string) => form.get(name)?.trim() ?? "";
		const rig_id = `${plan.id}.${value("rig")}`;
		const by = plan.owner.id;
		const acts: Record<string, () => Promise<string>> = {
			message: async () => {
				await client.gastown("sendMayorMessage", { message: value("message"), actor: by });
				return "Your mayor has been told.";
			},
			bead: async () => {
				await client.gastown("createBead", {
					title: value("title"),
					body: value("body") || null,
					rig_id,
					created_by: by,
				});
				return `"${value("title")}" is on the list.`;
			},
			convoy: async () => {
				const titles = value("beads")
					.split("\n")
					.map((line) => line.trim())
					.filter(Boolean);
				await client.gastown("slingConvoy", {
					title: value("title"),
					rig_id,
					beads: titles.map((title) => ({ title })),
					created_by: by,
				});
				return `The convoy "${value("title")}" has begun.`;
			},
		};
		const said = await (acts[verb] ?? (async () => "There is no such thing to do."))().catch(
			(error: unknown) => {
				if (error instanceof Refused) return `It was refused: ${error.message}`;
				throw error;
			},
		);
		response.writeHead(303, { location: `/user/${plan.id}?said=${encodeURIComponent(said)}` }).end();
	}

	async #town({ plan, client }: Town, said: string): Promise<string> {
		const { beads } = await client.gastown<"listBeads", { beads: Bead[] }>("listBeads", { limit: 40 });
		const rigs = plan.rigs.map(({ name }) => `<option>${escaped(name)}</option>`).join("");
		const rows = beads
			.map(
				({ title, type, status }) =>
					`<tr><td><span class="status ${escaped(status)}">${escaped(status.replace("_", " "))}</span></td><td>${escaped(title)}</td><td>${escaped(type.replace("_", " "))}</td></tr>`,
			)
			.join("");
		const commits = await Promise.all(
			plan.rigs.map(({ name, repository }) => this.#commits(name, repository)),
		);
		const rig = `<label>Repository <select name="rig">${rigs}</select></label>`;
		return page(
			plan.name,
			`<h1>${escaped(plan.name)}</h1>${said ? `<p class="said" role="status">${escaped(said)}</p>` : ""}
			<div class="columns"><div>
			<form method="post" action="/user/${plan.id}/message"><h2>Talk to your mayor</h2>
				<label>Message <textarea name="message" required rows="3" placeholder="Please build a voucher page and a refund page"></textarea></label><button>Send</button></form>
			<form method="post" action="/user/${plan.id}/bead"><h2>Ask for one thing</h2>
				<label>What <input name="title" required></label><label>More about it <textarea name="body" rows="2"></textarea></label>${rig}<button>Make a bead</button></form>
			<form method="post" action="/user/${plan.id}/convoy"><h2>Start a convoy</h2>
				<label>Name <input name="title" required></label><label>One thing a line <textarea name="beads" required rows="3"></textarea></label>${rig}<button>Start it</button></form>
			</div><div><h2>Your work</h2><table><tbody>${rows || "<tr><td>Nothing yet.</td></tr>"}</tbody></table>
			<h2>Merged</h2>${commits.join("")}</div></div>`,
			5,
		);
	}

	async #commits(name: string, repository: string): Promise<string> {
		const { stdout } = await gitIn(
			this.#world.forge.dir(repository),
			"log",
			"-12",
			"--first-parent",
			"--format=%h %s",
			"main",
		);
		return `<h3>${escaped(name)}</h3><pre>${escaped(stdout.trim())}</pre>`;
	}
}

function html(response: ServerResponse, status: number, body: string): void {
	response.writeHead(status, { "content-type": "text/html; charset=utf-8" }).end(body);
}
