/** `beads-Harbor-Lights-20261122T121831Z.csv`: what, whose and of when, in characters that every file system takes. */
export function fileName(of: string, town: string | null, at: number, extension: string): string {
	const time = new Date(at).toISOString().replace(/\.\d+/, "").replaceAll(/[-:]/g, "");
	const parts = [of, ...(town === null ? [] : [town]), time];
	return `${parts.map((part) => part.replaceAll(/[^\w-]+/g, "-")).join("-")}.${extension}`;
}

/** Hands a text to the browser as a download. */
export function saveFile(name: string, text: string, type: string): void {
	const url = URL.createObjectURL(new Blob([text], { type }));
	Object.assign(document.createElement("a"), { href: url, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
