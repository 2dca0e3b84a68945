// Secrets: set by .dev.vars locally, by `wrangler secret put` on Cloudflare; `wrangler types` cannot know them.
declare namespace Cloudflare {
	interface Env {
		TICKET_SECRET: string;
		CONTAINER_TOKEN_SECRET: string;
	}
}
