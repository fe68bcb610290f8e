import type { DirectoryRun } from './run-directory.js';

/** A shadow directory shows what would be and changes nobody. */
export async function rehearseShadow(run: DirectoryRun): Promise<void> {
  await Promise.resolve(run);
}
