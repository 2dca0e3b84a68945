import { DurableObject } from "cloudflare:workers";

/** A Durable Object of the tests' own, on which live-ops parts are tried without a town around them. */
export class WatchedDO extends DurableObject<Env> {}
