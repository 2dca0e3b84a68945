import { DurableObject } from "cloudflare:workers";

export class TownContainerDO extends DurableObject<Env> {}
