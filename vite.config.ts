import { cloudflare } from "@cloudflare/vite-plugin";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Else the dev server looks up cf.json on the internet at start.
process.env.CLOUDFLARE_CF_FETCH_ENABLED ??= "false";

export default defineConfig({
	root: "web",
	plugins: [
		react(),
		tailwindcss(),
		cloudflare({
			configPath: "../wrangler.toml",
			persistState: { path: process.env.TOWNWATCH_STATE ?? "../.wrangler/state" },
			inspectorPort: false,
		}),
	],
	// Browsers that know light-dark(), so that a nested data-mode (the embed) paints its own tones.
	build: {
		outDir: "../dist",
		emptyOutDir: true,
		chunkSizeWarningLimit: 900,
		cssTarget: ["chrome123", "firefox120", "safari17.5"],
	},
});
