export { searchUsers } from "./search.ts";
export { findUser, type Membership, membershipsOf, type User } from "./users.ts";
