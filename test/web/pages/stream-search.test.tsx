import { act } from "react";
import { afterEach, expect, test } from "vitest";
import { StreamSearch } from "../../../web/agent/stream-search.tsx";
import { useSearch } from "../../../web/agent/use-search.ts";
import { useKeys } from "../../../web/routes/keys.ts";
import { render } from "./fixtures/render.ts";
import { townKeys } from "./fixtures/town-keys.ts";

let page: ReturnType<typeof render> | null = null;
afterEach(() => page?.end());

const same = (text: string) => text;
const ITEMS = ["the quay", "the tide"];

test("design-ui §8: Esc in the search takes its words away, then leaves it; the panel stays", () => {
	const keys = townKeys();
	function Panel() {
		useKeys("town", keys);
		const search = useSearch(ITEMS, same, same);
		return (
			<>
				<button type="button" onClick={() => search.setWords("tide")}>
					Look
				</button>
				<StreamSearch search={search} whole />
			</>
		);
	}
	page = render(<Panel />);
	const input = page.box.querySelector("input") as HTMLInputElement;
	act(() => page?.box.querySelector("button")?.click());
	input.focus();
	const pressEscape = () =>
		act(
			() =>
				void input.dispatchEvent(
					new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }),
				),
		);
	expect(input.value).toBe("tide");
	pressEscape();
	expect([input.value, document.activeElement === input]).toEqual(["", true]);
	pressEscape();
	expect(document.activeElement === input).toBe(false);
	expect(keys.Escape).not.toHaveBeenCalled();
});
