import type { Directory } from '../tenancy/directories.js';
import { consequencePass, type NextSeeds, type Pass } from './consequence-pass.js';

/** What a guarded pass works on. `next` starts anew at each call: the pass is counted first and applied then. */
export interface GuardedWork {
  directory: Directory | null;
  next(): NextSeeds;
}

/** A consequence pass whose guards have counted before the first consequence is written. */
export async function guardedPass(pass: Pass, work: GuardedWork): Promise<void> {
  await consequencePass(pass, work.next());
}
