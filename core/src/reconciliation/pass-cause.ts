import type { References } from './references.js';

/** What a pass says about itself in every cause. */
export interface PassCause {
  runId: string;
  trigger: string;
  /** Name of the run's directory; null for runs of the tenant. */
  directory: string | null;
  override: string | null;
  review: string | null;
}

/** What users are drawn with, beside the set. */
export interface DrawOptions {
  /** ISO instant of the pass. */
  now: string;
  cause: PassCause;
  references: References;
}
