/** Vite's own types bring the DOM's, which are not the worker's. Only what test/support/recordings.ts uses of them. */
interface ImportMeta {
	glob<T>(pattern: string, options: { query: string; import: string }): Record<string, () => Promise<T>>;
}
