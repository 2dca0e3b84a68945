/**
 * Version of the console socket. Raise it when a schema changes and add a line; test/shared/protocol-version.test.ts
 * hashes the schemas and fails when they change without it.
 *
 * 1  2026-11-22  first
 * 2  2026-11-22  without `cancel`, which nothing could grant
 * 3  2026-11-24  pulse shows processes, spool, fingerprints and the scheduler's looks
 * 4  2026-11-25  `cancel`, `remedy`, intentions of viewers; proposals on a selection share an id
 * 5  2026-11-26  `reveal`, frames say that texts in them are hidden
 * 6  2026-11-26  `passage`: what an agent said in one attempt, for a replay
 * 7  2026-11-26  `plan`: what the scheduler would do now
 * 8  2026-11-26  `propose` may bring a secret beside its parameters
 * 9  2026-11-26  `welcome` says where the town stands; `moment`: the state as it was
 */
export const PROTOCOL_VERSION = 9;
