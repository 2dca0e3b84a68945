import { DurableObject } from "cloudflare:workers";
import { type Cause, FEED_PATH } from "../../shared/protocol/index.ts";

/** A Durable Object class of somebody else. */
export type HostClass = abstract new (
	ctx: DurableObjectState,
	// biome-ignore lint/suspicious/noExplicitAny: whatever environment the host declares.
	env: any,
) => DurableObject<unknown>;
export type HostOf<C extends HostClass> = InstanceType<C>;

/** The feed of a host: it takes what is its own and leaves everything else (FEED-10). */
export type Beside = {
	/** Answers at FEED_PATH. */
	fetch(request: Request): Response | Promise<Response>;
	/** True when the socket is one of the feed's, and so handled; so the other two. */
	webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): boolean;
	webSocketClose(ws: WebSocket, code: number): boolean;
	webSocketError(ws: WebSocket): boolean;
	/** Runs what the host does with a cause (FEED-5). */
	caused<T>(cause: Cause, run: () => T): T;
};

/** What a host may have as well: each is passed on to it. */
const PASSED_ON = new Set([
	"constructor", "fetch", "webSocketMessage", "webSocketClose", "webSocketError",
]); // biome-ignore format: a list

/** A class with a feed beside the host, and what is beside an instance of it. */
type BesideHost<B extends Beside> = { Base: typeof DurableObject<unknown>; of(ctx: DurableObjectState): B };

/** Puts a feed beside a host, made before the host's own constructor runs: nothing that is written there is missed. */
export function besideHost<B extends Beside>(
	Host: HostClass,
	make: (ctx: DurableObjectState, env: unknown) => B,
): BesideHost<B> {
	const all = new WeakMap<DurableObjectState, B>();
	const of = (ctx: DurableObjectState): B => {
		const beside = all.get(ctx);
		if (!beside) throw new Error(`this ${Host.name} was made without its feed`);
		return beside;
	};

	class Base extends (Host as unknown as typeof DurableObject<unknown>) {
		constructor(ctx: DurableObjectState, env: unknown) {
			all.set(ctx, make(ctx, env));
			super(ctx, env);
		}

		override async fetch(request: Request): Promise<Response> {
			const { pathname } = new URL(request.url);
			if (pathname === FEED_PATH) return of(this.ctx).fetch(request);
			const answer = () => super.fetch?.(request) ?? new Response("not found", { status: 404 });
			return of(this.ctx).caused(host("fetch", `${request.method} ${pathname}`), answer);
		}

		override async webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): Promise<void> {
			if (of(this.ctx).webSocketMessage(ws, message)) return;
			await of(this.ctx).caused(host("socket", "message"), () => super.webSocketMessage?.(ws, message));
		}

		override async webSocketClose(
			ws: WebSocket,
			code: number,
			reason: string,
			clean: boolean,
		): Promise<void> {
			if (of(this.ctx).webSocketClose(ws, code)) return;
			await of(this.ctx).caused(host("socket", "close"), () =>
				super.webSocketClose?.(ws, code, reason, clean),
			);
		}

		override async webSocketError(ws: WebSocket, error: unknown): Promise<void> {
			if (of(this.ctx).webSocketError(ws)) return;
			await of(this.ctx).caused(host("socket", "error"), () => super.webSocketError?.(ws, error));
		}
	}

	// Whoever calls a method of the host, its alarm included: its writes have a cause, though no write site names one (FEED-5).
	for (const [name, method] of methodsOf(Host)) {
		if (PASSED_ON.has(name)) continue;
		Object.defineProperty(Base.prototype, name, {
			...{ configurable: true, writable: true },
			value(this: { ctx: DurableObjectState }, ...args: unknown[]) {
				return of(this.ctx).caused(host(name === "alarm" ? "scheduler" : "call", name), () =>
					method.apply(this, args),
				);
			},
		});
	}
	return { Base, of };
}

/** Throws where the host has a method that `Live` adds: one of the two would never be called. */
export function refuseSameNames(Host: HostClass, Live: { prototype: object }): void {
	const theirs = methodsOf(Host);
	for (const name of Object.getOwnPropertyNames(Live.prototype))
		if (!PASSED_ON.has(name) && theirs.has(name))
			throw new Error(`${Host.name} has a method "${name}" already, by which the console asks.`);
}

/** Methods of the host, those that it inherited too. */
function methodsOf(Host: HostClass): Map<string, (...args: unknown[]) => unknown> {
	const methods = new Map<string, (...args: unknown[]) => unknown>();
	for (let at = Host.prototype; at && at !== DurableObject.prototype; at = Object.getPrototypeOf(at))
		for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
			if (typeof value === "function" && !methods.has(name)) methods.set(name, value);
	return methods;
}

const host = (kind: string, what: string): Cause => ({ kind, what, id: null, by: null });
