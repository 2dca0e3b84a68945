/** Who can sign in to the worker's tests, and as whom the directory knows them. Also read by vitest.config.ts. */
export const TEST_ORIGIN = "https://console.test";
export const TEST_AUDIENCE = "test-audience";

export const TEST_USERS = {
	ada: { id: "google/ada:1", email: "ada@example.test", name: "Ada Admin", is_admin: true, blocked: false },
	bo: { id: "user/bo", email: "bo@example.test", name: "Bo Admin", is_admin: true, blocked: false },
	cleo: { id: "user/cleo", email: "cleo@example.test", name: "Cleo", is_admin: false, blocked: false },
	dan: { id: "user/dan", email: "dan@example.test", name: "Dan", is_admin: true, blocked: true },
} as const;

/** Signs in, but the directory does not know them. */
export const STRANGER = { email: "stranger@example.test", name: "Stranger", note: "" };

export const TEST_IDENTITIES = [
	...Object.values(TEST_USERS).map(({ email, name }) => ({ email, name, note: "" })),
	STRANGER,
];
