/** One look of a scheduler: its milliseconds, and the rows that it wrote in the town and of the next alarm's plan. */
export type Look = { ms: number; rows: number; plan: number };
