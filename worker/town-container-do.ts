import { DurableObject } from "cloudflare:workers";
import { REPORTS } from "../shared/ingest/index.ts";
import { mintContainerToken } from "./auth/container-token.ts";
import { Agenda, sqlOf } from "./live-ops/index.ts";
import { logFailure } from "./log.ts";
import type { ContainerNow, ControlAnswer, ControlRequest, TownContainerRpc } from "./rpc.ts";
import { townStub } from "./stubs.ts";
import { CloudflareDriver } from "./town-container/cloudflare-driver.ts";
import type { ContainerDriver, ContainerEnd } from "./town-container/driver.ts";
import { LocalDriver } from "./town-container/local-driver.ts";
import { Outbox } from "./town-container/outbox.ts";
import { type Order, TownContainer } from "./town-container/town-container.ts";

const TELL = "tell";

/** The container of a town. Wires parts; nothing here wakes it but what is meant to act on it (FEED-9). */
export class TownContainerDO extends DurableObject<Env> implements TownContainerRpc {
	readonly #town: string;
	readonly #container: TownContainer;
	readonly #agenda: Agenda;
	readonly #outbox: Outbox;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.#town = ctx.id.name ?? ctx.id.toString();
		const sql = sqlOf(ctx.storage);
		this.#agenda = new Agenda(ctx, sql, Date.now);
		this.#outbox = new Outbox(sql);
		const { kv } = ctx.storage;
		this.#container = new TownContainer({
			driver: this.#driver(),
			load: () => kv.get("instance") ?? null,
			save: (instance) => kv.put("instance", instance),
			now: Date.now,
			uuid: () => crypto.randomUUID(),
			env: (secret, correlation) => this.#env(secret, correlation),
			tell: (event) => {
				this.#outbox.add(event, Date.now());
				this.#agenda.set(TELL, Date.now());
			},
		});
	}

	async getState(): Promise<ContainerNow> {
		return this.#container.state();
	}

	start(order: Order): Promise<ControlAnswer> {
		return this.#container.start(order);
	}

	stop(order: Order & { sleep: boolean; instance?: string | null }): Promise<ControlAnswer> {
		return this.#container.stop(order);
	}

	kill(order: Order): Promise<ControlAnswer> {
		return this.#container.kill(order);
	}

	sleepAfter(ms: number): Promise<ControlAnswer> {
		return this.#container.sleepAfter(ms);
	}

	control(request: ControlRequest): Promise<ControlAnswer> {
		return this.#container.control(request);
	}

	async ended(end: ContainerEnd): Promise<void> {
		this.#container.ended(end);
	}

	override async alarm(): Promise<void> {
		await this.#agenda.run({ [TELL]: () => this.#tell() });
	}

	/** Rejects where the town did not take it: the agenda tries again. */
	async #tell(): Promise<void> {
		for (const { n, event, at } of this.#outbox.all()) {
			const cause = { kind: "container", what: event.type, id: null, by: null };
			const correlation = event.detail?.correlation;
			const report = REPORTS["container-events"].parse(event);
			const taken = await townStub(this.env, this.#town).ingest(
				"container-events",
				report,
				typeof correlation === "string" ? { ...cause, id: correlation } : cause,
				at,
			);
			// A town that is not there will not come to be by being told again.
			if (!taken.ok)
				logFailure("container event refused", { town: this.#town, code: taken.code }, taken.message);
			this.#outbox.remove(n);
		}
	}

	#driver(): ContainerDriver | null {
		const { CONTAINER_PLATFORM_URL: base, CONTAINER_TOKEN_SECRET: secret } = this.env;
		if (base.startsWith("http")) return new LocalDriver({ base, town: this.#town, secret });
		const { container } = this.ctx;
		return container ? new CloudflareDriver(container, (end) => this.#container.ended(end)) : null;
	}

	async #env(secret: string, correlation: string | null): Promise<Record<string, string>> {
		const { PUBLIC_URL, AGENT_KIND, MODEL_URL, MEMORY_LIMIT_MB, CONTAINER_TOKEN_SECRET } = this.env;
		return {
			TOWN_ID: this.#town,
			TOWNWATCH_URL: PUBLIC_URL,
			CONTAINER_TOKEN: await mintContainerToken(CONTAINER_TOKEN_SECRET, this.#town, Date.now()),
			CONTROL_SECRET: secret,
			AGENT_KIND,
			...(correlation ? { START_CORRELATION: correlation } : {}),
			...(MODEL_URL ? { MODEL_URL } : {}),
			...(MEMORY_LIMIT_MB ? { MEMORY_LIMIT_MB } : {}),
		};
	}
}
