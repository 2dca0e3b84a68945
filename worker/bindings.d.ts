/** Bindings that wrangler.toml has only where a deployment adds them. */
interface Env {
	/** Gastown's own user directory; without it the console's D1 is the directory. */
	HYPERDRIVE?: Hyperdrive;
}

declare namespace Cloudflare {
	interface Env {
		HYPERDRIVE?: Hyperdrive;
	}
}
