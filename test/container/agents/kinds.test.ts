import { afterEach, expect, test, vi } from "vitest";
import { kilo, opencode } from "../../../container/agents/kinds/served.ts";

afterEach(() => vi.unstubAllEnvs());
const task = { model: "scripted/m", home: "/work/homes/a1", modelUrl: "http://127.0.0.1:1/v1" };

test.each([
	["OPENCODE", opencode],
	["KILO", kilo],
] as const)(
	"AGENT-2: %s serves on loopback to who has its password, keeps to its home and asks one model",
	(name, kind) => {
		vi.stubEnv("AGENT_BINARY", "/programs/agent");
		const { program, args, env, authorization } = kind.command(task);
		expect([program, ...args]).toEqual([
			"/programs/agent",
			"serve",
			"--port",
			"0",
			"--hostname",
			"127.0.0.1",
		]);
		const [user, password = ""] = atob(String(authorization).replace("Basic ", "")).split(":");
		expect(env).toMatchObject({ [`${name}_SERVER_USERNAME`]: user, [`${name}_SERVER_PASSWORD`]: password });
		expect(password.length).toBeGreaterThan(32);
		expect(kind.command(task).authorization).not.toBe(authorization);
		for (const [key, value] of Object.entries(env))
			if (key.startsWith("XDG_")) expect(value).toContain(task.home);
		const config = JSON.parse(String(env[`${name}_CONFIG_CONTENT`]));
		expect(config).toMatchObject({
			...{ model: "scripted/m", small_model: "scripted/title", enabled_providers: ["scripted"] },
			...{
				provider: { scripted: { options: { baseURL: task.modelUrl } } },
				snapshot: false,
				share: "disabled",
			},
		});
	},
);

test("AGENT-2: without its program it says which setting lacks", () => {
	vi.stubEnv("AGENT_BINARY", "");
	expect(() => opencode.command(task)).toThrow("AGENT_BINARY is not set");
});
