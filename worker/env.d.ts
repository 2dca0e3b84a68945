// Secrets: set by .dev.vars locally, by `wrangler secret put` on Cloudflare; `wrangler types` cannot know them.
interface __BaseEnv_Env {
	TICKET_SECRET: string;
	CONTAINER_TOKEN_SECRET: string;
}
