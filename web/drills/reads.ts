import { queryOptions } from "@tanstack/react-query";
import { drillOffers, drillRun } from "../../shared/drills/index.ts";
import { readJson } from "../http.ts";

const BREAKING_MS = 1_000;

export const offersRead = queryOptions({
	queryKey: ["drills"],
	queryFn: async ({ signal }) => (await readJson(drillOffers, "/api/drills", { signal })).drills,
	staleTime: Number.POSITIVE_INFINITY,
});

const runPath = (town: string) => `/api/drills/runs/${encodeURIComponent(town)}`;

/** How far a drill has come; asked again until it is broken. */
export const runRead = (town: string) =>
	queryOptions({
		queryKey: ["drill", town],
		queryFn: ({ signal }) => readJson(drillRun, runPath(town), { signal }),
		refetchInterval: ({ state }) => (state.data?.state === "breaking" ? BREAKING_MS : false),
	});

export const begin = (code: string) =>
	readJson(drillRun, `/api/drills/${encodeURIComponent(code)}`, { method: "POST" });
/** `mend` takes away what no button can; `end` stops its container. */
export const tell = (town: string, act: "mend" | "end") =>
	readJson(drillRun, `${runPath(town)}/${act}`, { method: "POST" });
