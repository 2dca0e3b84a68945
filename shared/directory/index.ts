import { z } from "zod";

/**
 * What the worker's HTTP face says of people and their towns: `GET /api/me`, `GET /api/users?q=`, `GET /api/users/:id`,
 * `GET /api/towns/:id/platform-links`,
 * `POST /api/towns/:id/ticket`. Times are ISO strings. The page checks answers with these, the worker is typed by them.
 */

/** Every failed call: `code` for programs, `message` for people, `request_id` to quote. */
export const apiError = z.object({
	error: z.object({
		code: z.string(),
		message: z.string(),
		request_id: z.string(),
		/** With 401, and with 403 of a person: where to sign in, or as somebody else. The page sets its `redirect_url`. */
		sign_in_url: z.string().optional(),
		/** What stood in the way, e.g. the `field` that is wrong, or the `expected` sequence number. */
		details: z.record(z.string(), z.unknown()).optional(),
	}),
});
export type ApiError = z.infer<typeof apiError>["error"];

/** The admin who looks. */
export const me = z.object({
	...{ id: z.string(), email: z.string(), name: z.string() },
	/** Towns can be broken for practice here: in development only. */
	drills: z.boolean().default(false),
});
export type Me = z.infer<typeof me>;

/** `light` as in `Light` of shared/diagnosis; `at` is when the town last told it. */
const townHealth = z.object({ light: z.string(), reason: z.string(), at: z.string() });

/** A line of the lookup. `health` is the worst of the user's towns, null where there is none. */
const userFound = z.object({
	id: z.string(),
	email: z.string(),
	name: z.string(),
	is_admin: z.boolean(),
	blocked_at: z.string().nullable(),
	organisations: z.number(),
	towns: z.number(),
	health: townHealth.nullable(),
});
export type UserFound = z.infer<typeof userFound>;
export const userSearch = z.object({ users: z.array(userFound), more: z.boolean() });

const rigSummary = z.object({
	id: z.string(),
	name: z.string(),
	git_url: z.string(),
	default_branch: z.string(),
	platform_integration_id: z.string().nullable(),
});
export type RigSummary = z.infer<typeof rigSummary>;

/** A town as it last told its owner's object; `summary` is null when it never did or did not answer, and `reason` says which. */
const townSummary = z.object({
	id: z.string(),
	name: z.string(),
	summary: z
		.object({
			health: townHealth,
			agents_working: z.number(),
			agents_total: z.number(),
			open_beads: z.number(),
			container: z.object({ status: z.string(), since: z.string().nullable() }),
			last_activity_at: z.string().nullable(),
			/** When these values were true. */
			at: z.string(),
		})
		.nullable(),
	reason: z.string().nullable(),
	rigs: z.array(rigSummary),
});
export type TownSummary = z.infer<typeof townSummary>;

/** Towns of one owner: the user or one of the user's organisations. `error` when that owner's object did not answer. */
const townOwner = z.object({
	type: z.enum(["user", "org"]),
	id: z.string(),
	name: z.string(),
	role: z.string().nullable(),
	towns: z.array(townSummary),
	error: z.string().nullable(),
});
export type TownOwner = z.infer<typeof townOwner>;

export const userPage = z.object({
	user: z.object({
		id: z.string(),
		email: z.string(),
		name: z.string(),
		is_admin: z.boolean(),
		blocked_at: z.string().nullable(),
		created_at: z.string(),
	}),
	owners: z.array(townOwner),
	/** When this was read. */
	at: z.string(),
});
export type UserPage = z.infer<typeof userPage>;

/** Pages of Cloudflare's own dashboard about a town; none where the account is not set. */
export const platformLinks = z.object({ links: z.array(z.object({ label: z.string(), url: z.url() })) });
export type PlatformLinks = z.infer<typeof platformLinks>;

/** A ticket for one socket: `url` is a path such as `/ws/towns/…?ticket=…`. */
export const ticket = z.object({ ticket: z.string(), url: z.string(), expires_at: z.number() });
