import { DurableObject } from "cloudflare:workers";

export class TownDO extends DurableObject<Env> {}
