import { vi } from "vitest";
import type { ControlAnswer } from "../../../worker/rpc.ts";
import { TownContainerDO } from "../../../worker/town-container-do.ts";

/** What the containers were asked for with which key, e.g. `POST /agents/a/stop`, `start`. */
const asked: { town: string; what: string; key: string }[] = [];
export const askedIn = (town: string) => asked.filter((one) => one.town === town);
/** What they did then, with the key: the same under the same key is done once, as by the real one. */
export const didIn = (town: string): string[] => [
	...new Set(askedIn(town).map(({ what, key }) => `${what} ${key}`)),
];

const OK: ControlAnswer = { ok: true, status: 200, body: {} };

/** Containers that do what they are asked, and answer when `then` is over. */
export function container(then: () => Promise<void> = async () => {}, answer = OK): void {
	const takes = async (arm: TownContainerDO, what: string, key = "") => {
		const { name } = (arm as unknown as { ctx: DurableObjectState }).ctx.id;
		asked.push({ town: name ?? "", what, key });
		await then();
		return answer;
	};
	const { prototype } = TownContainerDO;
	vi.spyOn(prototype, "control").mockImplementation(function (this: TownContainerDO, request) {
		return takes(this, `${request.method} ${decodeURIComponent(request.path)}`, request.key);
	});
	vi.spyOn(prototype, "start").mockImplementation(function (this: TownContainerDO, { key }) {
		return takes(this, "start", key);
	});
	vi.spyOn(prototype, "stop").mockImplementation(function (this: TownContainerDO, { key }) {
		return takes(this, "stop", key);
	});
}
