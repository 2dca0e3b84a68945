/**
 * Version of the console socket. Raise it when a schema changes and add a line; test/shared/protocol-version.test.ts
 * hashes the schemas and fails when they change without it.
 *
 * 1  2026-11-22  first
 */
export const PROTOCOL_VERSION = 1;
