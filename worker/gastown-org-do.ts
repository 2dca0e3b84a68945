import { OwnerDO } from "./gastown-owner/owner-do.ts";

/** The towns and rigs of one organisation: they never show under a user alone (domain.md §1.2). */
export class GastownOrgDO extends OwnerDO {}
