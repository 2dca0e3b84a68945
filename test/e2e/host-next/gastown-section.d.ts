import type { DetailedHTMLProps, HTMLAttributes } from "react";

declare global {
	/** The element of `/embed/gastown-section.js`. */
	interface GastownSection extends HTMLElement {
		getToken: (() => string | Promise<string>) | null;
	}
}

declare module "react" {
	namespace JSX {
		interface IntrinsicElements {
			"gastown-section": DetailedHTMLProps<HTMLAttributes<GastownSection>, GastownSection> & {
				"user-id": string;
				api?: string;
				theme?: "light" | "dark";
			};
		}
	}
}
