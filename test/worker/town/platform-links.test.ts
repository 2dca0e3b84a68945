import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { platformLinks } from "../../../worker/api/platform-links.ts";

const ACCOUNT = {
	CLOUDFLARE_ACCOUNT_ID: "acc",
	CLOUDFLARE_WORKER: "gastown",
	CLOUDFLARE_CONTAINER_APP: "app-gastown",
	CLOUDFLARE_TOWN_DO_NAMESPACE_ID: "t0",
	CLOUDFLARE_CONTAINER_DO_NAMESPACE_ID: "c0",
};
const ids = {
	town: env.TOWN.idFromName("t").toString(),
	container: env.TOWN_CONTAINER.idFromName("t").toString(),
};
const urls = (account: Partial<typeof ACCOUNT>) =>
	platformLinks({ ...ACCOUNT, ...account }, ids).links.map(({ url }) => url);

test("links into Cloudflare's dashboard name the account, the worker and the town's own objects", () => {
	const base = "https://dash.cloudflare.com/acc/workers";
	expect(urls({})).toEqual([
		`${base}/services/view/gastown/production/observability/logs`,
		`${base}/durable-objects/view/t0/${ids.town}/logs`,
		`${base}/containers/app-gastown/instances/${ids.container}`,
		`${base}/durable-objects/view/c0/${ids.container}/logs`,
	]);
});

test("what is not set makes no link, and without an account there is none", () => {
	expect(urls({ CLOUDFLARE_ACCOUNT_ID: "" })).toEqual([]);
	expect(urls({ CLOUDFLARE_CONTAINER_APP: "", CLOUDFLARE_TOWN_DO_NAMESPACE_ID: "" })).toHaveLength(2);
	expect(urls({ CLOUDFLARE_ACCOUNT_ID: "a/../b" })[0]).toContain("/a%2F..%2Fb/workers/");
});
