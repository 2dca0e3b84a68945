export { anyCase } from "./any-case.ts";
export { searchUsers } from "./search.ts";
export { findUser, type Membership, membershipsOf, type User } from "./users.ts";
