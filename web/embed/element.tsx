import { createRoot, type Root } from "react-dom/client";
import { consoleAt, type GetToken, portTo } from "./console.ts";
import { GastownSection } from "./gastown-section.tsx";
import styles from "./shadow.css?inline";

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);

/**
 * `<gastown-section user-id="…" api="…" theme="light|dark">`: the Gastown section for any page, in a shadow root of its own.
 *
 * - `user-id`: whose towns.
 * - `api`: origin of the console; where this module came from if it is left out.
 * - `theme`: else the color-scheme of the place where it stands.
 * - `getToken` (a property): gives the Access token of the admin who looks; asked before each read, so it may keep one until
 *   it ends. Without it the reader's own Access cookie is sent.
 */
export class GastownSectionElement extends HTMLElement {
	static readonly observedAttributes = ["user-id", "api"];
	#getToken: GetToken | null = null;
	#root: Root | null = null;

	constructor() {
		super();
		this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
	}

	get getToken(): GetToken | null {
		return this.#getToken;
	}

	set getToken(getToken: GetToken | null) {
		this.#getToken = getToken;
		this.#draw();
	}

	connectedCallback(): void {
		// Set by the page before this module came: an own property, which hides the one of the class.
		if (Object.hasOwn(this, "getToken")) {
			const { getToken } = this;
			Reflect.deleteProperty(this, "getToken");
			this.getToken = getToken;
		}
		this.#draw();
	}

	/** Who only moves the element takes it out and puts it back in one go: what it shows stays. */
	disconnectedCallback(): void {
		queueMicrotask(() => {
			if (this.isConnected) return;
			this.#root?.unmount();
			this.#root = null;
		});
	}

	attributeChangedCallback(): void {
		this.#draw();
	}

	#draw(): void {
		if (!this.isConnected || !this.shadowRoot) return;
		this.#root ??= createRoot(this.shadowRoot);
		const userId = this.getAttribute("user-id") ?? "";
		const origin = consoleAt(this.getAttribute("api"));
		this.#root.render(
			<GastownSection
				key={`${origin} ${userId}`}
				userId={userId}
				port={portTo(origin, userId, this.#getToken)}
			/>,
		);
	}
}
