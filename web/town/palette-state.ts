import { create } from "zustand";

type PaletteState = {
	open: boolean;
	words: string;
	setOpen(open: boolean, words?: string): void;
	setWords(words: string): void;
};

/** Whether the palette stands open, and what is typed in it. */
export const usePalette = create<PaletteState>()((set) => ({
	open: false,
	words: "",
	setOpen: (open, words = "") => set({ open, words }),
	setWords: (words) => set({ words }),
}));
