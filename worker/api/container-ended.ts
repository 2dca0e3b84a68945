import type { Context } from "hono";
import { z } from "zod";
import { containerStub } from "../stubs.ts";
import { problem } from "./problem.ts";
import { readBody } from "./read-body.ts";

const containerEnd = z.strictObject({
	instance_id: z.string().min(1).max(200),
	exit_code: z.int().nullable(),
	signal: z.string().max(40).nullable(),
	reason: z.string().max(2_000),
	oom: z.boolean(),
	slept: z.boolean().default(false),
});

/** `POST ended`: the local platform says that a container's process has ended. On Cloudflare the object is told by its runtime. */
export async function containerEnded(
	c: Context<{ Bindings: Env }, "/api/towns/:townId/*">,
): Promise<Response> {
	if (c.env.ENVIRONMENT === "production")
		return problem(c, 404, "no_such_report", "Only a local platform tells of an end.");
	const read = await readBody(c, containerEnd);
	if (!read.ok) return read.response;
	await containerStub(c.env, c.req.param("townId")).ended(read.body);
	return c.json({});
}
