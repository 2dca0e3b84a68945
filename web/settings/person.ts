import type { z } from "zod";
import { create, type StateCreator } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";

const PERSON = "townwatch.person";

/** Storage that a browser may refuse, or have filled: settings then last as long as the page. */
const storage = {
	getItem(key: string): string | null {
		try {
			return localStorage.getItem(key);
		} catch {
			return null;
		}
	},
	setItem(key: string, value: string): void {
		try {
			localStorage.setItem(key, value);
		} catch {
			// Nothing of the town hangs on it.
		}
	},
	removeItem(key: string): void {
		try {
			localStorage.removeItem(key);
		} catch {
			// As above.
		}
	},
};

/** Who was last seen in this browser: their settings stand from the first paint on, before the server says who it is. */
let person = storage.getItem(PERSON) ?? "";
const stores: (() => void)[] = [];

/** Names whose settings count from now on: those of `id`, an admin's, not of who used this browser before (PAGE-7). */
export function becomePerson(id: string): void {
	if (id === person) return;
	person = id;
	storage.setItem(PERSON, id);
	for (const read of stores) read();
}

const keyOf = (name: string) => `${name}:${person}`;
const personal = {
	getItem: (name: string) => storage.getItem(keyOf(name)),
	setItem: (name: string, value: string) => storage.setItem(keyOf(name), value),
	removeItem: (name: string) => storage.removeItem(keyOf(name)),
};

/**
 * A store whose state is kept per person in this browser. `kept` describes what of it is: a stored value that does not fit
 * (an older page's, another program's, a broken one) is as if there were none.
 */
export function personalStore<Store extends object>(
	name: string,
	kept: z.ZodType<Partial<Store>>,
	make: StateCreator<Store>,
) {
	let initial: Store | undefined;
	const store = create<Store>()(
		persist(
			(set, get, api) => {
				initial = make(set, get, api);
				return initial;
			},
			{
				name: `townwatch.${name}`,
				storage: createJSONStorage(() => personal),
				// Read anew for another person: nothing of the one before is left.
				merge: (stored, current) => ({ ...(initial ?? current), ...kept.safeParse(stored).data }),
			},
		),
	);
	stores.push(() => void store.persist.rehydrate());
	return store;
}
