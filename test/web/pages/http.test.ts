import { expect, test } from "vitest";
import { me } from "../../../shared/directory/index.ts";
import { ReadFailed, readJson } from "../../../web/http.ts";

const answer = (status: number, body: unknown) => async () =>
	new Response(typeof body === "string" ? body : JSON.stringify(body), {
		status,
		headers: { "x-request-id": "req-1" },
	});
const failure = async (read: Promise<unknown>) => {
	const error = await read.then(
		() => null,
		(thrown: unknown) => thrown,
	);
	expect(error).toBeInstanceOf(ReadFailed);
	return error as ReadFailed;
};

test("P2: a refusal keeps its words, status, request id and where to sign in", async () => {
	const body = {
		error: {
			code: "not_signed_in",
			message: "You are not signed in.",
			request_id: "r",
			sign_in_url: "https://in.example/",
		},
	};
	expect(await failure(readJson(me, "/api/me", {}, answer(401, body)))).toMatchObject({
		message: "You are not signed in.", status: 401, requestId: "r", signInUrl: "https://in.example/",
	}); // biome-ignore format: one answer
});

test("P2: an answer of another shape, without a reason, or none at all is a failure, never empty data", async () => {
	expect(await failure(readJson(me, "/api/me", {}, answer(200, { id: 7 })))).toMatchObject({
		code: "unknown-shape",
		requestId: "req-1",
	});
	expect(await failure(readJson(me, "/api/me", {}, answer(502, "<html>")))).toMatchObject({
		code: "no-reason",
		status: 502,
	});
	const dead = async () => {
		throw new TypeError("fetch failed");
	};
	expect(await failure(readJson(me, "/api/me", {}, dead))).toMatchObject({
		code: "unreachable",
		status: null,
	});
});
