export * from "./methods.ts";
export * from "./reports.ts";
