import { DurableObject } from "cloudflare:workers";

export class GastownOrgDO extends DurableObject<Env> {}
