import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import type { Changes, Down } from "../../../shared/protocol/index.ts";
import { AdminSessionDO } from "../../../worker/admin-session-do.ts";
import { seedDirectory } from "../support/directory.ts";
import { townOf } from "../town/support.ts";
import { abort, comeBack, linger, logOf, newTown, openPage, type Page, watch } from "./console.ts";

beforeAll(seedDirectory);

const isFrame = (message: Down): message is Changes & { t: "changes" } => message.t === "changes";
const states = (page: Page) => page.messages.filter(({ t }) => t === "state");
/** By a stub of its own: one that was made before a crash rejects. */
const rename = (town: Awaited<ReturnType<typeof newTown>>, title: string) =>
	townOf(town.id).must("updateBead", { bead_id: "bead-1", fields: { title } });
const headOf = async (town: Awaited<ReturnType<typeof newTown>>) => (await logOf(town, 0)).at(-1)?.to ?? 0;

/** What a page was told of changes after `seq` is exactly what the log has. */
async function hasExactly(page: Page, town: Awaited<ReturnType<typeof newTown>>, seq: number): Promise<void> {
	const log = await logOf(townOf(town.id), seq);
	// The town may look at its health meanwhile: what comes after is not compared.
	const end = log.at(-1)?.to ?? seq;
	await page.reaches(end);
	expect(
		page.changes.filter(({ to }) => to > seq && to <= end).map(({ from, to, mark }) => ({ from, to, mark })),
	).toEqual(log.map(({ from, to, mark }) => ({ from, to, mark })));
}

test("SESSION-1: two admins see one feed, and each other", async () => {
	const town = await newTown();
	const ada = await watch(town.id);
	const bo = await watch(town.id, "bo");
	await rename(town, "Fix the big leak");
	for (const page of [ada, bo])
		await page.until((message) => isFrame(message) && JSON.stringify(message).includes("Fix the big leak"));
	const feeds = await town.inside((_, state) => state.getWebSockets().length);
	expect(feeds).toBe(1);
	await ada.until((message) => message.t === "session" && message.viewers.length === 2);
});

test("SESSION-4: the text of a frame is the same for every viewer, as the town sent it", async () => {
	const town = await newTown();
	const [ada, bo] = [await watch(town.id), await watch(town.id, "bo")];
	const from = await headOf(town);
	for (let n = 0; n < 5; n++) await rename(town, `title ${n}`);
	await ada.reaches(from + 5);
	await bo.reaches(from + 5);
	const text = (page: Page) =>
		page.messages
			.filter((message) => isFrame(message) && message.from > from && message.to <= from + 5)
			.map((m) => JSON.stringify(m));
	expect(text(ada)).toEqual(text(bo));
});

test("SESSION-7: focus is seen by the others, and who leaves is gone", async () => {
	const town = await newTown();
	const [ada, bo] = [await watch(town.id), await watch(town.id, "bo")];
	expect(await bo.ask({ t: "focus", on: "agent:toast" })).toMatchObject({ ok: true });
	await ada.until(
		(message) =>
			message.t === "session" &&
			message.viewers.some(({ name, focus }) => name === "Bo Admin" && focus === "agent:toast"),
	);
	bo.close();
	await vi.waitFor(() =>
		expect(ada.messages.findLast(({ t }) => t === "session")).toMatchObject({
			viewers: [expect.objectContaining({ name: "Ada Admin" })],
		}),
	);
});

test("SESSION-3: a page that comes back by its cursor gets what it missed, and no state", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const seq = page.position?.seq ?? 0;
	page.close();
	for (let n = 0; n < 20; n++) await rename(town, `title ${n}`);
	const back = await comeBack(town.id, page);
	await hasExactly(back, town, seq);
	expect(states(back)).toEqual([]);
});

test("SESSION-3: what is older than the session's tail comes from the town's log", async () => {
	const town = await newTown();
	const old = await watch(town.id);
	const seq = old.position?.seq ?? 0;
	old.close();
	await abort(env.ADMIN_SESSION, town.id);
	for (let n = 0; n < 50; n++) await rename(town, `title ${n}`);
	// The session begins with this page's state, so the other one is older than all that it has.
	const fresh = await watch(town.id, "bo");
	const back = await comeBack(town.id, old);
	await hasExactly(back, town, seq);
	expect(states(back)).toEqual([]);
	await rename(town, "and on");
	await hasExactly(back, town, seq);
	await fresh.reaches(back.position?.seq ?? 0);
});

test.each([
	[
		"of another epoch",
		(at: { epoch: string; seq: number; mark: string }) => ({ ...at, epoch: "other" }),
		"epoch",
	],
	[
		"with another mark",
		(at: { epoch: string; seq: number; mark: string }) => ({ ...at, mark: "other" }),
		"mark",
	],
	[
		"beyond the head",
		(at: { epoch: string; seq: number; mark: string }) => ({ ...at, seq: at.seq + 9 }),
		"ahead",
	],
])("SESSION-3: a cursor %s gets a whole state with the reason, never a part", async (_, change, reason) => {
	const town = await newTown();
	const other = await watch(town.id, "bo");
	const page = await openPage(town.id);
	await page.hello({ cursor: change(other.position as never) });
	await page.live();
	expect(states(page)[0]).toMatchObject({ part: 0, reason });
	expect(states(page).at(-1)).toMatchObject({ last: true });
	await vi.waitFor(() => expect(page.position).toEqual(other.position));
});

test("SESSION-3: a late page does not get an old state and all that came since, when a new one is smaller", async () => {
	const town = await newTown();
	const first = await watch(town.id);
	const body = "x".repeat(3_000);
	for (let n = 0; n < 400; n++)
		await town.must("updateBead", { bead_id: "bead-1", fields: { body: `${n} ${body}` } });
	await first.reaches(await headOf(town));
	const late = await watch(town.id, "bo");
	expect(late.changes.length).toBeLessThan(10);
	await vi.waitFor(() => expect(late.position?.seq).toBe(first.position?.seq));
	await rename(town, "still whole");
	await hasExactly(late, town, late.position?.seq ?? 0);
});

test("SESSION-6: the town restarts in a busy stream: viewers see it, and end with exactly what the log has", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const seq = page.position?.seq ?? 0;
	for (let n = 0; n < 30; n++) {
		if (n === 10 || n === 20) await abort(env.TOWN, town.id);
		await rename(town, `title ${n}`);
	}
	await hasExactly(page, town, seq);
	const seen = page.messages.flatMap((message) =>
		message.t === "session" ? message.feeds.map(({ state }) => state) : [],
	);
	expect(seen.some((state) => state !== "live")).toBe(true);
	expect(states(page)).toHaveLength(1);
	await page.live();
});

test("SESSION-6: the session crashes in a busy stream: every page comes back to exactly what the log has", async () => {
	const town = await newTown();
	let pages = [await watch(town.id), await watch(town.id, "bo")];
	const seqs = pages.map(({ position }) => position?.seq ?? 0);
	for (let n = 0; n < 30; n++) {
		if (n === 10 || n === 20) {
			await abort(env.ADMIN_SESSION, town.id);
			await Promise.all(pages.map((page) => page.isClosed()));
			await rename(town, `meanwhile ${n}`);
			pages = await Promise.all(pages.map((page, which) => comeBack(town.id, page, which ? "bo" : "ada")));
		}
		await rename(town, `title ${n}`);
	}
	for (const [which, page] of pages.entries()) await hasExactly(page, town, seqs[which] ?? 0);
});

test("SESSION-8: when the last viewer has left, the feed closes and the town has no subscriber", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	await linger(town.id, 50);
	page.close();
	await vi.waitFor(
		async () => expect(await town.inside((_, state) => state.getWebSockets().length)).toBe(0),
		{
			timeout: 3_000,
			interval: 20,
		},
	);
	// Nothing holds it in memory now: with an outgoing socket this would be refused.
	await evictDurableObject(env.ADMIN_SESSION.getByName(town.id));
});

test("SESSION-6: after an eviction a page is asked to say hello again, and goes on by its cursor without a second opening", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const seq = page.position?.seq ?? 0;
	// As an eviction leaves it: a new instance over the same sockets and storage, without memory.
	await runInDurableObject(env.ADMIN_SESSION.getByName(town.id), (_, state) => {
		new AdminSessionDO(state, env);
	});
	await page.until((message) => message.t === "session" && message.say_hello);
	await rename(town, "after the wake");
	await page.hello();
	await hasExactly(page, town, seq);
	expect(states(page)).toHaveLength(1);
	const answer = await page.ask({ t: "query", question: { kind: "ledger" } });
	expect((answer as unknown as { value: { rows: unknown[] } }).value.rows).toHaveLength(1);
});

test("SESSION-6: a socket survives the eviction of a sleeping session, and any message wakes it", async () => {
	const town = await newTown();
	const page = await openPage(town.id);
	await evictDurableObject(env.ADMIN_SESSION.getByName(town.id), { webSockets: "hibernate" });
	expect(await page.ask({ t: "ping" })).toMatchObject({ ok: true });
	await page.until((message) => message.t === "session" && message.say_hello);
	await page.hello();
	await page.live();
	await rename(town, "awake");
	await page.until((message) => isFrame(message) && JSON.stringify(message).includes("awake"));
});

test("SESSION-6: the town is evicted in a busy stream: its feed goes on where it was", async () => {
	const town = await newTown();
	const page = await watch(town.id);
	const seq = page.position?.seq ?? 0;
	for (let n = 0; n < 12; n++) {
		if (n === 4) await evictDurableObject(env.TOWN.getByName(town.id), { webSockets: "hibernate" });
		if (n === 8) await evictDurableObject(env.TOWN.getByName(town.id), { webSockets: "close" });
		await rename(town, `title ${n}`);
	}
	await hasExactly(page, town, seq);
	expect(states(page)).toHaveLength(1);
});
