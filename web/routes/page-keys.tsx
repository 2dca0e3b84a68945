import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { create } from "zustand";
import { copy } from "../ui/copy.ts";
import { useKeys } from "./keys.ts";

type Sheet = { open: boolean; setOpen(open: boolean): void };
const useSheet = create<Sheet>()((set) => ({ open: false, setOpen: (open) => set({ open }) }));

export const openKeys = (): void => useSheet.getState().setOpen(true);

/** Nobody waits for the list of keys to see a page. */
const KeysSheet = lazy(() => import("./keys-sheet.tsx"));

/** The keys of every page, and their list. */
export function PageKeys() {
	const navigate = useNavigate();
	const { open, setOpen } = useSheet();
	useKeys("anywhere", {
		"?": openKeys,
		y: () => void copy(location.href),
		"g u": () => void navigate({ to: "/users" }),
		"g l": () => void navigate({ to: "/ledger" }),
	});
	return open ? (
		<Suspense>
			<KeysSheet onClose={() => setOpen(false)} />
		</Suspense>
	) : null;
}
