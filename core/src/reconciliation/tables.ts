import { table } from '../store/table.js';

export interface RunRow {
  tenant_id: string;
  id: string;
  directory_id: string | null;
  trigger: string;
  tier: string;
  outcome: string;
  started_at: string;
  ended_at: string | null;
  /** JSON of the run's document in `rollcall.sync/1`. */
  report: string;
  /** JSON: what went through by guard and part. */
  guard_counts: string;
}

export const RUN = table<RunRow>(
  'run',
  {
    tenant_id: 'text',
    id: 'text',
    directory_id: 'text',
    trigger: 'text',
    tier: 'text',
    outcome: 'text',
    started_at: 'text',
    ended_at: 'text',
    report: 'text',
    guard_counts: 'text',
  },
  ['tenant_id', 'id'],
);

export interface DueRow {
  tenant_id: string;
  user_id: string;
  at: string;
}

export const DUE = table<DueRow>('due', { tenant_id: 'text', user_id: 'text', at: 'text' }, ['tenant_id', 'user_id']);

export interface RedoRow {
  tenant_id: string;
  id: string;
  /** Null: the whole tenant. */
  directory_id: string | null;
  trigger: string;
  /** JSON: versions that made it necessary. */
  cause: string;
  /** Place reached, so that a crash continues. */
  cursor: string;
  created_at: string;
  done_at: string | null;
}

export const REDO = table<RedoRow>(
  'redo',
  {
    tenant_id: 'text',
    id: 'text',
    directory_id: 'text',
    trigger: 'text',
    cause: 'text',
    cursor: 'text',
    created_at: 'text',
    done_at: 'text',
  },
  ['tenant_id', 'id'],
);
