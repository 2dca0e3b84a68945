import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { genesisText, type LedgerRow, rowText } from "../../../shared/interventions/chain.ts";
import { emptyTown } from "../../../shared/town-view/index.ts";
import { fieldOfTime, filterInWords, queryOf, timeOfField } from "../../../web/ledger/ask.ts";
import { held } from "../../../web/ledger/held.ts";
import { movedOn } from "../../../web/ledger/undo-story.tsx";
import { verifyHere } from "../../../web/ledger/verify-here.ts";
import { parseSearch, stringifySearch } from "../../../web/routes/address.ts";
import { aBead } from "./fixtures/rows.ts";

test("PAGE-4: the filters of the ledger are its address, and what the API is asked", () => {
	const search = parseSearch("?q=it is urgent&admin=ada@example.test&town=t/1&open=abc");
	expect(queryOf(search)).toBe("q=it+is+urgent&admin=ada%40example.test&town=t%2F1&without=access");
	expect(queryOf({ visits: "1" })).toBe("");
	expect(queryOf({ action: "access" })).toBe("action=access");
	expect(queryOf({ q: "  " })).toBe("without=access");
	expect(filterInWords({ q: "door", outcome: "seen" })).toBe("text door, outcome seen");
	expect(filterInWords({ visits: "1", open: "abc" })).toBeNull();
	expect(stringifySearch({ from: "2026-11-22T12:00:00Z" })).toBe("?from=2026-11-22T12:00:00Z");
});

test("PAGE-4: a moment is typed in the reader's zone and stands in the address for every zone", () => {
	const iso = timeOfField("2026-11-22T12:00");
	expect(iso && Date.parse(iso)).toBe(new Date("2026-11-22T12:00").getTime());
	expect(fieldOfTime(iso)).toBe("2026-11-22T12:00");
	expect([timeOfField(""), fieldOfTime(undefined), fieldOfTime("yesterday")]).toEqual([undefined, "", ""]);
});

test("PAGE-2: what comes above the reader's first line is held, and told", () => {
	const of = (lines: string[], first: string | null) => held(lines, (line) => line, first);
	expect(of(["c", "b", "a"], "b")).toEqual({ shown: ["b", "a"], newer: 1 });
	expect(of(["b", "a"], "b")).toEqual({ shown: ["b", "a"], newer: 0 });
	expect(of(["c", "a"], "b")).toEqual({ shown: ["c", "a"], newer: 0 });
	expect(of(["a"], null)).toEqual({ shown: ["a"], newer: 0 });
});

test("LEDGER-4: the browser hashes every row itself, page after page, and finds a changed one", async () => {
	const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
	let prev_hash = sha256(genesisText("t-1"));
	const rows = Array.from({ length: 5 }, (_, at): LedgerRow => {
		const row = {
			n: at + 1,
			id: `id-${at}`,
			step: "access",
			at,
			admin: null,
			body: `{"é":${at}}`,
			prev_hash,
		};
		prev_hash = sha256(rowText(row));
		return { ...row, hash: prev_hash };
	});
	const pages = (all: LedgerRow[]) => async (n: number) => all.filter((row) => row.n > n).slice(0, 2);
	expect(await verifyHere("t-1", pages(rows))).toMatchObject({
		...{ result: "ok", message: "Entries 1 to 5 hashed here." },
	});
	const changed = rows.with(3, { ...(rows[3] as LedgerRow), body: "{}" });
	expect(await verifyHere("t-1", pages(changed))).toMatchObject({ result: "fault", n: 4 });
	await expect(verifyHere("t-1", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
});

test("an undo stands only while the target is as it was left", () => {
	const view = emptyTown();
	const after = { "beads/b1": { priority: "high" }, "agent_metadata/a1": { status: "idle" } };
	expect(movedOn(view, after, "b1")).toBe("It is gone by now.");
	view.tables.beads.set("b1", aBead({ bead_id: "b1", priority: "high" }));
	expect(movedOn(view, after, "b1")).toBeNull();
	view.tables.beads.set("b1", aBead({ bead_id: "b1", priority: "low" }));
	expect(movedOn(view, after, "b1")).toBe("It has gone on since: priority is low by now, not high.");
});
