/** Path of a town in the console; with the name of an action, its sheet stands open there. */
export function townPath(townId: string, action?: string): string {
	const tab = action?.startsWith("container.") ? "container" : "state";
	const search = action ? `?do=${encodeURIComponent(action)}` : "";
	return `/towns/${encodeURIComponent(townId)}/${tab}${search}`;
}
