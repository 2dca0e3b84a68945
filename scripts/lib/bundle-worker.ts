import { build, type Rolldown } from "vite";

/** A worker's module with everything that it imports, as text that workerd runs. */
export async function bundleWorker(entry: string): Promise<string> {
	const built = (await build({
		configFile: false,
		logLevel: "error",
		build: {
			write: false,
			minify: false,
			target: "esnext",
			lib: { entry, formats: ["es"], fileName: "worker" },
			rolldownOptions: { external: [/^cloudflare:/, /^node:/] },
		},
	})) as Rolldown.RolldownOutput[];
	const [output] = built.flatMap(({ output }) => output);
	if (output?.type !== "chunk") throw new Error(`${entry} gave no module`);
	return output.code;
}
