/**
 * What a container costs while it is awake: Cloudflare bills memory and disk as they are provisioned, processor as it is
 * used. Prices of the paid plan beyond what it includes, in USD (developers.cloudflare.com/containers/pricing, 2026-08).
 */
const PER_SECOND = { vcpu: 0.00002, memoryGib: 0.0000025, diskGb: 0.00000007 };

/** `standard-4`, Gastown's (domain.md §2.13). */
const INSTANCE = { vcpu: 4, memoryGib: 12, diskGb: 20 };

const HOUR_S = 3_600;

/** USD an hour: `awake` for being there, `busiest` what its processors add when all of them are used. */
export const CONTAINER_COST = {
	awake: HOUR_S * (INSTANCE.memoryGib * PER_SECOND.memoryGib + INSTANCE.diskGb * PER_SECOND.diskGb),
	busiest: HOUR_S * INSTANCE.vcpu * PER_SECOND.vcpu,
};

/** USD of a wake after which nothing is done: it goes back to sleep when it was idle for so long. */
export const wakingCost = (idleMs: number): number => (CONTAINER_COST.awake * idleMs) / (HOUR_S * 1_000);
