export * from "../../../worker/index.ts";
export { default } from "../../../worker/index.ts";
export { WatchedDO } from "./watched-do.ts";
