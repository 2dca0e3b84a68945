/** Puts text on the clipboard; false where the browser refuses, or has none for this page. */
export async function copy(text: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		return false;
	}
}
