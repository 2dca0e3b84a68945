import { act } from "react";
import { createRoot } from "react-dom/client";
import { expect, test } from "vitest";
import { BrokenPage } from "../../../web/routes/broken-page.tsx";
import { router } from "../../../web/routes/router.tsx";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

test("PAGE-1: a page that failed while it was drawn says so, with its words and a way on", () => {
	expect(router.options.defaultErrorComponent).toBe(BrokenPage);
	const box = document.body.appendChild(document.createElement("div"));
	const root = createRoot(box);
	act(() => root.render(<BrokenPage error={new TypeError("l is not a function")} />));
	expect(box.textContent).toMatch(/This page broke.*l is not a function.*Load again/);
	expect(document.title).toBe("This page broke · Townwatch");
	act(() => root.unmount());
	box.remove();
});
