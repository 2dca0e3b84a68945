import { GastownSectionElement } from "./element.tsx";

// A page may load the module twice, from two places.
if (!customElements.get("gastown-section")) customElements.define("gastown-section", GastownSectionElement);
