import { expect, test } from "vitest";
import { type IngestClient, Refused } from "../../../local/played/ingest-client.ts";
import { seedTown } from "../../../local/played/seed.ts";
import { longmeadow } from "../../../local/played/towns/longmeadow.ts";
import { idIn, type TownScript } from "../../../local/played/towns/town-script.ts";
import type { AgentEventsReport } from "../../../shared/ingest/index.ts";

type Args = { id?: string; bead_id?: string; name?: string; status?: string } & Record<string, unknown>;

const small: TownScript = {
	id: "small-town",
	name: "Small Town",
	owner: { type: "user", id: "u" },
	rigs: [{ name: "website", git_url: "https://git.example/olive/website.git" }],
	agents: [{ name: "Juniper", role: "polecat", rig: "website" }],
	play: async () => {},
};

/** A town that refuses as the worker does; it breaks off the line after `breaksAfter` calls. */
function town(breaksAfter = Number.POSITIVE_INFINITY) {
	const rigs = new Map<string, string>();
	const agents = new Map<string, string>();
	const beads = new Map<string, string>();
	const batches = new Map<string, string>();
	const repeats: boolean[] = [];
	const line = { left: breaksAfter };

	const refuse = (what: string, code: string, details: Record<string, unknown>): never => {
		throw new Refused(what, 409, { error: { code, message: `refused: ${code}`, details } });
	};
	const create = (into: Map<string, string>, args: Args, value: string) => {
		const { id = "" } = args;
		if (into.has(id)) refuse("create", "exists", { id });
		if ([...into.values()].includes(value)) refuse("create", "exists", { name: value });
		into.set(id, value);
	};
	const end = ({ bead_id = "" }: Args, to: string) => {
		if (beads.get(bead_id) !== `open ${bead_id}`) refuse("end", "bad-move", { id: bead_id });
		beads.set(bead_id, `${to} ${bead_id}`);
	};
	const calls: Record<string, (args: Args) => unknown> = {
		createTown: () => ({ created_at: "2026-11-01T00:00:00.000Z" }),
		listAgents: () => ({ agents: [...agents].map(([id, name]) => ({ id, name, status: "idle" })) }),
		createRig: (args) => create(rigs, args, args.name ?? ""),
		createAgent: (args) => create(agents, args, args.name ?? ""),
		createBead: (args) => create(beads, args, `open ${args.id}`),
		updateBeadStatus: (args) => end(args, args.status ?? ""),
		closeBead: (args) => end(args, "closed"),
	};
	const answer = async (call: () => unknown): Promise<never> => {
		if (line.left-- <= 0) throw new Error("the container ends");
		return call() as never;
	};
	const client: IngestClient = {
		gastown: (method, args) => answer(() => calls[method]?.(args as Args)),
		post: (_, body) =>
			answer(() => {
				const { producer, seq, events } = body as AgentEventsReport;
				const [key, text] = [`${producer} ${seq}`, JSON.stringify(events)];
				if (batches.has(key)) repeats.push(batches.get(key) === text);
				else batches.set(key, text);
				return { interval: 1 };
			}),
	};
	return { client, line, rigs, agents, beads, batches, repeats };
}

const silent = () => undefined;

test("a seeding that is broken off is done by the next start, which makes what the first would have made", async () => {
	const whole = town();
	await seedTown(longmeadow, whole.client, silent);
	const broken = town(600);
	await expect(seedTown(longmeadow, broken.client, silent)).rejects.toThrow("the container ends");
	expect(broken.beads.size).toBeGreaterThan(100);
	expect(broken.beads.size).toBeLessThan(1_000);
	expect(broken.batches.size).toBeGreaterThan(5);
	broken.line.left = Number.POSITIVE_INFINITY;
	await seedTown(longmeadow, broken.client, silent);
	for (const part of ["rigs", "agents", "beads", "batches"] as const)
		expect(new Map([...broken[part]].sort())).toEqual(new Map([...whole[part]].sort()));
	expect(broken.repeats.length).toBeGreaterThan(5);
	expect(broken.repeats.every(Boolean)).toBe(true);
}, 60_000);

test("a town that is there is left as it is", async () => {
	const there = town();
	await seedTown(small, there.client, silent);
	const before = [...there.rigs, ...there.agents];
	await seedTown(small, there.client, silent);
	expect([...there.rigs, ...there.agents]).toEqual(before);
	expect([...there.rigs.keys()]).toEqual([idIn("small-town", "website")]);
});

test.each(["rigs", "agents"] as const)(
	"state of an older demo, whose %s have other ids, is said to be that, with the way out",
	async (part) => {
		const older = town();
		older[part].set(`${small.id}.first`, part === "rigs" ? "website" : "Juniper");
		await expect(seedTown(small, older.client, silent)).rejects.toThrow(/older demo.*npm run reset/);
	},
);
