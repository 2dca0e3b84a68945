export * from "./find.ts";
export * from "./fold.ts";
export * from "./key.ts";
export * from "./lookup.ts";
export * from "./moment-view.ts";
export * from "./readers.ts";
export * from "./selectors.ts";
export * from "./state-builder.ts";
export type { TownView } from "./town-view.ts";
