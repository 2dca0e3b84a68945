import { CommandPalette } from "@cloudflare/kumo/components/command-palette";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { actionsFor } from "../../shared/interventions/index.ts";
import { agentName, findInTown } from "../../shared/town-view/index.ts";
import { formatAt, parseWhere } from "../past/where.ts";
import { parseOpen, TOWN_TABS } from "../routes/address.ts";
import { openKeys } from "../routes/page-keys.tsx";
import { agentLook, count, dateTime, type Look, Sign } from "../ui/index.ts";
import type { ActionTarget } from "./action-state.ts";
import { lookOfBead } from "./bead-rows.ts";
import { openSubject } from "./open-subject.ts";
import { useOpenTown } from "./open-town.ts";
import { usePalette } from "./palette-state.ts";
import { TAB_WORDS } from "./town-tabs.tsx";
import { type Consider, type Considered, useAct } from "./use-act.ts";

type Item = { id: string; title: string; note: string; look: Look | null; disabled: boolean; run(): void };

const MOST = 20;

/** Ctrl-K: finds anything by name, id, title, branch or PR URL, and does what can be done to what is open. */
export function Palette({ blind }: { blind: boolean }) {
	const { open, words, setOpen, setWords } = usePalette();
	const seen = useItems(words, open);
	const items = blind ? seen.map(asItWas) : seen;
	return (
		<CommandPalette.Root
			open={open}
			onOpenChange={(next: boolean) => setOpen(next)}
			items={items}
			value={words}
			onValueChange={setWords}
			itemToStringValue={(item: Item) => item.title}
			onSelect={(item: Item) => pick(item)}
			getSelectableItems={(all: Item[]) => all}
		>
			<CommandPalette.Input placeholder="Find, or > action, @ agent, # bead, ! finding, = moment, : page, ? keys" />
			<CommandPalette.List>
				<CommandPalette.Results>
					{(item: Item) => (
						<CommandPalette.Item key={item.id} value={item} onClick={() => pick(item)}>
							<span className="flex min-w-0 items-center gap-2">
								{item.look ? <Sign name={item.look.sign} tone={item.look.tone} /> : null}
								<span className={`min-w-0 truncate ${item.disabled ? "text-tone-quiet" : ""}`}>
									{item.title}
								</span>
								<span className="ml-auto shrink-0 text-tone-quiet text-xs">{item.note}</span>
							</span>
						</CommandPalette.Item>
					)}
				</CommandPalette.Results>
				<CommandPalette.Empty>Nothing in this town matches.</CommandPalette.Empty>
			</CommandPalette.List>
		</CommandPalette.Root>
	);
	function pick(item: Item) {
		if (item.disabled) return;
		setOpen(false);
		item.run();
	}
}

/** While the town is not seen nothing may look current (P2). */
const asItWas = (item: Item): Item =>
	item.look
		? { ...item, note: `was ${item.note}`, look: { ...item.look, sign: "unseen", tone: "quiet" } }
		: item;

function useItems(words: string, open: boolean): Item[] {
	const finds = useFindItems(words, open);
	const actions = useActionItems(finds);
	const pages = usePageItems();
	const findings = useFindingItems();
	const moments = useMomentItems(words);
	const sign = /^[>@#!:?=]/.exec(words)?.[0] ?? "";
	const wanted = words.slice(sign.length).trim().toLowerCase();
	return useMemo(() => {
		const has = (list: Item[]) => list.filter((item) => item.title.toLowerCase().includes(wanted));
		if (sign === "?")
			return [{ id: "keys", title: "All keys", note: "?", look: null, disabled: false, run: openKeys }];
		if (sign === "=") return moments;
		if (sign === ">") return has(actions);
		if (sign === "!") return has(findings);
		if (sign === ":") return has(pages);
		if (sign === "@") return finds.filter((item) => item.id.startsWith("agent:"));
		if (sign === "#") return finds.filter((item) => item.id.startsWith("bead:"));
		return wanted === "" ? [...actions, ...findings, ...pages] : [...has(actions), ...finds, ...has(pages)];
	}, [sign, wanted, actions, finds, pages, findings, moments]);
}

/** So many of what was found are offered their actions, after what is open and what has a finding. */
const ACTED_ON = 3;

function useActionItems(finds: readonly Item[]): Item[] {
	const search = useSearch({ from: "/towns/$id/$tab" });
	const { consider, press } = useAct();
	const { diagnosis, view, id: town } = useOpenTown();
	const targets = new Map<string, ActionTarget>();
	const aim = (kind: string, id: string) => {
		if (kind === "bead" || kind === "agent") targets.set(`${kind}:${id}`, { kind, id });
	};
	const opened = parseOpen(search.open);
	if (opened) aim(opened.kind, opened.id);
	for (const { subject } of diagnosis.findings) aim(subject.kind, subject.id);
	for (const { id } of finds.slice(0, ACTED_ON))
		aim(id.slice(0, id.indexOf(":")), id.slice(id.indexOf(":") + 1));
	for (const { role, bead_id, status } of view.tables.agent_metadata.values())
		if (role === "mayor" && status !== "dead") targets.set("mayor", { kind: "mayor", id: bead_id });
	for (const rig of view.tables.rigs.keys()) targets.set(`rig:${rig}`, { kind: "rig", id: rig });
	for (const kind of ["container", "town"] as const) targets.set(kind, { kind, id: town });
	return [...targets.values()].flatMap((target) => actionItems(target, consider, press));
}

function actionItems(target: ActionTarget, consider: Consider, press: (of: Considered) => void): Item[] {
	return actionsFor(target.kind).flatMap((entry): Item[] => {
		// What is asked is answered where it is shown.
		if (entry.name === "agent.answer-permission") return [];
		const considered = consider(entry.name, target, undefined, null);
		if (!considered) return [];
		const { label, danger, reason, verdict } = considered;
		// Nothing that this can ever be done to.
		if (!verdict.ok && ["wrong-type", "no-event"].includes(verdict.code)) return [];
		return [
			{
				id: `action:${entry.name}:${target.id}`,
				title: danger === "safe" ? label : `${label}…`,
				note: reason ?? "action",
				look: null,
				disabled: reason !== null,
				run: () => press(considered),
			},
		];
	});
}

function useFindItems(words: string, active: boolean): Item[] {
	const town = useOpenTown();
	if (!active) return [];
	const { view, sight, open } = town;
	const wanted = words.replace(/^[@#]/, "");
	return findInTown(view, wanted, MOST).map(({ kind, id, title, by }) => {
		const agent = kind === "agent" ? view.tables.agent_metadata.get(id) : undefined;
		const look = agent ? agentLook(agent, sight) : lookOfBead(view, id, sight);
		return {
			id: `${kind}:${id}`,
			title,
			note: `${look.word} · ${kind} by ${by}`,
			look,
			disabled: false,
			run: () => open(kind === "bead" ? { kind, id } : { kind, id, raw: false }),
		};
	});
}

function usePageItems(): Item[] {
	const { toTab } = useOpenTown();
	const navigate = useNavigate();
	return [
		...TOWN_TABS.map((tab) => ({
			id: `tab:${tab}`,
			title: TAB_WORDS[tab],
			note: "tab",
			look: null,
			disabled: false,
			run: () => toTab(tab),
		})),
		{
			id: "users",
			title: "Users",
			note: "page",
			look: null,
			disabled: false,
			run: () => void navigate({ to: "/users" }),
		},
		{
			id: "ledger",
			title: "Ledger",
			note: "page",
			look: null,
			disabled: false,
			run: () => void navigate({ to: "/ledger" }),
		},
	];
}

/** `=12:04:31`, `=-10m`, `=47902`, `=live`. */
function useMomentItems(words: string): Item[] {
	const { client, go } = useOpenTown();
	if (!words.startsWith("=")) return [];
	const where = parseWhere(words, client.now());
	const title =
		where === null
			? "Write a time, how long ago, a change, or live"
			: where.is === "live"
				? "Back to live"
				: where.is === "seq"
					? `The town at change ${count(where.seq)}`
					: `The town at ${dateTime(where.at)}`;
	return [
		{
			id: "moment",
			title,
			note: where === null ? "12:04:31, -10m, 47902, live" : "moment",
			look: null,
			disabled: where === null,
			run: () => where && go({ at: formatAt(where) }, false),
		},
	];
}

function useFindingItems(): Item[] {
	const town = useOpenTown();
	return town.diagnosis.findings.map((finding) => ({
		id: `finding:${finding.code}:${finding.subject.id}`,
		title: finding.sentence,
		note: finding.subject.kind === "agent" ? agentName(town.view, finding.subject.id) : "finding",
		look:
			finding.severity === "critical"
				? { sign: "failed", word: "Critical", tone: "bad" }
				: { sign: "warning", word: "Warning", tone: "warn" },
		disabled: false,
		run: () => openSubject(town, finding.subject),
	}));
}
