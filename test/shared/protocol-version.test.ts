import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { z } from "zod";
import { down, envelope, PROTOCOL_VERSION, up } from "../../shared/protocol/index.ts";

/** The schemas of each version. A line here never changes: a changed schema is a new version with a line of its own. */
const SCHEMAS: Record<number, string> = {
	1: "d116d67730f3e961d66513d555219b0b1ec37c0b870c12267b6bef0469a81fed",
	2: "aa2ed8e4d41426be752904e19f4e6b1ab4b9ad67c0dd5bbedd150de4df0008b1",
	3: "6ee131529a94fc06465faf4a542de74376e6bf72ee6ff67e08b67b5ebbee103a",
	4: "47c86e59d07e16521e590288f45351b983d4691714d87d1b4a9f9e22cae28897",
	5: "1bf08a14aa850a1bc43ae3bc9b5ea5608831a79086da497d1f52043763826594",
	6: "8361a6c24fefe2ae690047c1488ef4a0091794980a4af4bf85368599cbe87309",
	7: "96ee0ec2cb5a6c9e6c83609b0d7f2364dce4b7c3a0aae76ea2af288dda1b144e",
	8: "a51d37e9ea1a08bbd362a0065f7e16a28025e48932b1617f967340a36270f125",
	9: "bc8c66761d1afb7a445c8f08b14c28d2f5baa6b2666ec2ec8710265a6b71aaef",
};

const shapeOf = (schema: z.ZodType, io: "input" | "output") =>
	JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: "any" }));

test("SOCKET-2: the schemas of the socket change only with a new version", () => {
	const text = [shapeOf(up, "input"), shapeOf(down, "output"), shapeOf(envelope, "output")].join("\n");
	expect(createHash("sha256").update(text).digest("hex")).toBe(SCHEMAS[PROTOCOL_VERSION]);
});

test("SOCKET-2: every version has its schemas, and no version comes before the first", () => {
	expect(Object.keys(SCHEMAS).map(Number)).toEqual(Array.from({ length: PROTOCOL_VERSION }, (_, n) => n + 1));
});
