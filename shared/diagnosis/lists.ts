/** Adds to the list of a key in place. */
export function push<T>(lists: Map<string, T[]>, key: string, ...values: T[]): void {
	const list = lists.get(key);
	if (list) list.push(...values);
	else lists.set(key, values);
}
