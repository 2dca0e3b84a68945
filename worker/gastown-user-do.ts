import { OwnerDO } from "./gastown-owner/owner-do.ts";

/** The towns and rigs of one user. */
export class GastownUserDO extends OwnerDO {}
