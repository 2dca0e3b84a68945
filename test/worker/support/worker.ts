export * from "../../../worker/index.ts";
export { default } from "../../../worker/index.ts";
export { BareDO } from "./bare-do.ts";
export { WatchedDO } from "./watched-do.ts";
