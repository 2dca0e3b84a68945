/** Ids of towns and agents as they stand in an address: no control characters, no end of line, at most 200 characters. */
export const isId = (id: string): boolean => /^[\w.:@/-]{1,200}$/.test(id);
