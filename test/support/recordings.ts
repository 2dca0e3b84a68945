import type { Message, Todo } from "../../shared/conversation/index.ts";

/**
 * The recordings of real agents, for tests in Node and in workerd alike: neither the one's file system nor the other's is
 * there for both, so Vite hands the files over as data URLs.
 */
const FILES = import.meta.glob<string>("../fixtures/sdk/*.gz", { query: "?url&inline", import: "default" });

export type Recorded = {
	id?: string;
	type: string;
	properties?: Record<string, unknown>;
	syncEvent?: { data: Record<string, unknown> };
};
/** What the agent server itself said of each session at the end. */
export type Final = Record<string, { session: { cost: number }; messages: Message[]; todo: Todo[] }>;

async function unzip(file: string): Promise<string> {
	const load = FILES[`../fixtures/sdk/${file}`];
	if (!load) throw new Error(`no recording ${file}`);
	const base64 = (await load()).split(",")[1] ?? "";
	const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
	return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

/** Names of the recordings that have a final answer. */
export const RECORDINGS = Object.keys(FILES).flatMap((file) => {
	const [, name] = /([^/]+)\.final\.json\.gz$/.exec(file) ?? [];
	return name === undefined ? [] : [name];
});

/** The events of a recording, in the order of arrival; `t` is milliseconds since its start. */
export const eventsOf = async (name: string): Promise<(Recorded & { t: number })[]> =>
	(await unzip(`${name}.jsonl.gz`))
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => {
			const { t, event } = JSON.parse(line) as { t: number; event: Recorded };
			return { ...event, t };
		});

export const finalOf = async (name: string): Promise<Final> =>
	JSON.parse(await unzip(`${name}.final.json.gz`)) as Final;

/** As kilo 7.0.33 sends it: no envelope ids, no sync, session ids nested only, and the older spelling of parts. */
export function asOldKilo(events: readonly Recorded[]): Recorded[] {
	return events
		.filter(({ type }) => type !== "sync")
		.map(({ type, properties = {} }) => {
			const nested = "info" in properties || "part" in properties;
			const { sessionID, ...rest } = properties;
			return {
				type: type === "message.part.updated" ? "message_part.updated" : type,
				properties: nested ? rest : { sessionID, ...rest },
			};
		});
}
