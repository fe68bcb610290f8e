import type { Lane as WriterLane } from '../store/writer-queue.js';

/** Lanes of a directory, each with a lease of its own: who leaves never waits for a snapshot. */
export type RunLane = 'fast' | 'sweep';

/** Tiers of the fast lane; all others sweep. */
export const FAST_TIERS = ['delta', 'notification'] as const;

const FAST: ReadonlySet<string> = new Set(FAST_TIERS);

/** The lane of a tier. */
export function laneOf(tier: string): RunLane {
  return FAST.has(tier) ? 'fast' : 'sweep';
}

/** In which order what a tier writes is served. */
export function writerLaneOf(tier: string): WriterLane {
  return tier === 'notification' ? 'notification' : laneOf(tier);
}
