import { DurableObject } from "cloudflare:workers";

export class GastownUserDO extends DurableObject<Env> {}
