import { DurableObject } from "cloudflare:workers";

export class AdminSessionDO extends DurableObject<Env> {}
