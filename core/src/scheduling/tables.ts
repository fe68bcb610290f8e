import { table } from '../store/table.js';

/** One tier of a directory, or (directory empty) what of a tenant comes by the clock: when it is due, and how it went. */
export interface TierStateRow {
  tenant_id: string;
  directory_id: string;
  tier: string;
  /** As it is applied; empty for what comes by the clock. */
  schedule: string;
  /** When it was scheduled first. */
  since: string;
  /** Null: nothing is due. */
  next_at: string | null;
  /** Set while a process works on it; whoever finds it passed may take it. */
  claimed_until: string | null;
  /** In a row. */
  failures: number;
  last_started_at: string | null;
  last_ended_at: string | null;
  last_outcome: string | null;
  last_code: string | null;
  /** Begin of the latest run that read everything; of `notification` and `push` when the source was heard last. */
  fresh_at: string | null;
  /** Set while the answer is older than three intervals. */
  stale_since: string | null;
  /** Of `notification`: runs in a row that found changes of which the source told nothing. */
  missed: number;
}

export const TIER_STATE = table<TierStateRow>(
  'tier_state',
  {
    tenant_id: 'text',
    directory_id: 'text',
    tier: 'text',
    schedule: 'text',
    since: 'text',
    next_at: 'text',
    claimed_until: 'text',
    failures: 'int',
    last_started_at: 'text',
    last_ended_at: 'text',
    last_outcome: 'text',
    last_code: 'text',
    fresh_at: 'text',
    stale_since: 'text',
    missed: 'int',
  },
  ['tenant_id', 'directory_id', 'tier'],
);
