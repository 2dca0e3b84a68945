import type { StreamState } from "../live/stream-store.ts";

/** True where a stream is here from its first event on; else what is counted or found is of the loaded part. */
export const isWhole = ({ oldest }: Pick<StreamState, "oldest">): boolean => oldest !== null && oldest <= 1;
