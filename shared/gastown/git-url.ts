/** A repository at a forge that speaks GitHub's API, as its HTTPS URL names it. */
export type GitPlace = {
	/** With its port. */
	host: string;
	owner: string;
	name: string;
	/** Where its REST API is: GitHub's own host, or below `/api/v3` as at every GitHub Enterprise. */
	apiBase: string;
};

/** Reads the URL of a repository; null for what is no HTTP(S) URL of `owner/name`. A token in it is passed over. */
export function readGitUrl(url: string): GitPlace | null {
	let parsed: URL;
	try {
		parsed = new URL(url);
	} catch {
		return null;
	}
	const [, owner, name] = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/?$/.exec(parsed.pathname) ?? [];
	if (!/^https?:$/.test(parsed.protocol) || !owner || !name) return null;
	const { host, protocol } = parsed;
	const apiBase = host === "github.com" ? "https://api.github.com" : `${protocol}//${host}/api/v3`;
	return { host, owner, name, apiBase };
}

/** The pull request that a URL names; null where it names none. */
export function readPullUrl(url: string): (GitPlace & { number: number }) | null {
	const [, repository, number] = /^(https?:\/\/[^/]+\/[^/]+\/[^/]+)\/pull\/(\d+)\/?$/.exec(url) ?? [];
	const place = repository ? readGitUrl(repository) : null;
	return place && number ? { ...place, number: Number(number) } : null;
}
