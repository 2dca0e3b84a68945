/** By the index on type and status: both are named, so that what has ended is never read. `CROSS JOIN` keeps the order of the tables. */
export const UNFINISHED = "status IN ('open', 'in_progress', 'in_review')";
export const TYPES = "type IN ('issue', 'merge_request', 'convoy', 'molecule', 'escalation', 'message')";
