export * from "./answers.ts";
export * from "./methods.ts";
export * from "./reports.ts";
