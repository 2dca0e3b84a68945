import { expect, test, vi } from "vitest";
import { useRecents } from "../../../web/user/recents.ts";

test("a visit that is known already is not written again", () => {
	const { visit } = useRecents.getState();
	visit({ kind: "town", id: "t1", name: "harbour" });
	const written = vi.fn();
	useRecents.subscribe(written);
	visit({ kind: "town", id: "t1", name: "harbour" });
	expect(written).not.toHaveBeenCalled();
	visit({ kind: "user", id: "u1", name: "Mira" });
	visit({ kind: "town", id: "t1", name: "harbour-api" });
	expect(useRecents.getState().list).toEqual([
		{ kind: "town", id: "t1", name: "harbour-api" },
		{ kind: "user", id: "u1", name: "Mira" },
	]);
	expect(written).toHaveBeenCalledTimes(2);
});
