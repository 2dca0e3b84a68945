import { createHash } from "node:crypto";
import type { GitToken } from "../../shared/control/index.ts";
import { readGitUrl } from "../../shared/gastown/git-url.ts";

const fingerprint = (token: string): string => createHash("sha256").update(token).digest("hex").slice(0, 8);

/** The tokens that the container holds, in memory only; who asks for one gets the newest. */
export class Tokens {
	readonly #git = new Map<string, GitToken>();
	readonly #urls = new Map<string, string>();
	#kilo: string | null = null;

	putGit(token: GitToken): void {
		this.#git.set(token.rig_id, token);
	}

	putKilo(token: string | null): void {
		if (token !== null) this.#kilo = token;
	}

	/** Which repository a rig's token is for. */
	know(rig: string, gitUrl: string): void {
		this.#urls.set(rig, gitUrl);
	}

	git(rig: string): GitToken | null {
		return this.#git.get(rig) ?? null;
	}

	/** The token of the repository that git asks for, by host and path; null where there is none for it. */
	forPlace(host: string, path: string): GitToken | null {
		for (const [rig, url] of this.#urls) {
			const place = readGitUrl(url);
			if (place?.host === host && path.replace(/\.git\/?$/, "") === `${place.owner}/${place.name}`)
				return this.git(rig);
		}
		return null;
	}

	url(rig: string): string | null {
		return this.#urls.get(rig) ?? null;
	}

	/** What may be shown of each (CRED-1). */
	fingerprints(containerToken: string): Record<string, string> {
		return {
			...Object.fromEntries([...this.#git].map(([rig, token]) => [rig, token.fingerprint])),
			container: fingerprint(containerToken),
			...(this.#kilo === null ? {} : { kilo: fingerprint(this.#kilo) }),
		};
	}
}
