import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** `<gastown-section>` as one module with everything in it, beside the page's files, at an address that stays (web/embed). */
export default defineConfig({
	root: "web",
	publicDir: false,
	plugins: [react(), tailwindcss(), forShadowRoot(), withoutGlobals()],
	build: {
		outDir: "../dist/client/embed",
		emptyOutDir: true,
		cssTarget: ["chrome123", "firefox120", "safari17.5"],
		// The polyfill would touch the host's document.
		modulePreload: { polyfill: false },
		rolldownOptions: {
			input: "web/embed/main.ts",
			output: { entryFileNames: "gastown-section.js" },
		},
	},
});

/**
 * Makes a style sheet right for a shadow root. A host's own root font size may be any, so that sizes are in px; and @property
 * says nothing in there, so that Tailwind's own defaults for browsers without it have to hold in all of them.
 */
function forShadowRoot(): Plugin {
	return {
		name: "for-shadow-root",
		enforce: "post",
		transform(code, id) {
			if (!id.endsWith("shadow.css?inline")) return;
			const [, text = ""] = /^export default (".*")/s.exec(code) ?? [];
			const css: string = JSON.parse(text);
			const asked = /@layer properties\s*\{\s*@supports[^{]+\{/;
			if (!asked.test(css)) this.error("Tailwind's defaults of @property are not where they were");
			const shadow = css
				.replace(asked, "@layer properties{@supports (color:red){")
				.replace(/@property\s*--[\w-]+\s*\{[^}]*\}/g, "")
				.replace(/(\d*\.?\d+)rem\b/g, (_, rem: string) => `${Number(rem) * 16}px`);
			return `export default ${JSON.stringify(shadow)}`;
		},
	};
}

/**
 * zod keeps its settings on `globalThis`, where a host's own zod of another version would find them. The element's has its own,
 * in which nothing is compiled from text either: a host's policy may forbid that, and reports it.
 */
function withoutGlobals(): Plugin {
	return {
		name: "without-globals",
		transform(code, id) {
			if (!/zod\/v4\/core\/(core|registries)\.js$/.test(id)) return;
			return `const own = { __zod_globalConfig: { jitless: true } };\n${code.replaceAll("globalThis", "own")}`;
		},
	};
}
