import { DurableObject } from "cloudflare:workers";

/** An object with nothing in it, on whose storage a test constructs the part that it tries. */
export class BareDO extends DurableObject<Env> {}
