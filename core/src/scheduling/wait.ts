import { setTimeout as sleep } from 'node:timers/promises';

/** Ends after so many milliseconds, or as soon as the signal is aborted. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
