import { table } from '../store/table.js';

/** Where the fast lane goes on reading. */
export interface CursorRow {
  tenant_id: string;
  directory_id: string;
  lane: string;
  kind: string;
  /** JSON, as the connector gave it. */
  cursor: string;
  stored_at: string;
}

export const CURSOR = table<CursorRow>(
  'cursor',
  { tenant_id: 'text', directory_id: 'text', lane: 'text', kind: 'text', cursor: 'text', stored_at: 'text' },
  ['tenant_id', 'directory_id', 'lane', 'kind'],
);

/** An object that is to be read by itself; kind and source id empty: whatever the stream of changes has. */
export interface WantedReadRow {
  tenant_id: string;
  directory_id: string;
  kind: string;
  source_id: string;
  /** How often it was asked for: a read that began before the latest asking does not do for it. */
  asked: number;
  /** How often it could not be read. */
  tries: number;
  /** Why it was asked for last. */
  reason: string;
  asked_at: string;
}

export const WANTED_READ = table<WantedReadRow>(
  'wanted_read',
  {
    tenant_id: 'text',
    directory_id: 'text',
    kind: 'text',
    source_id: 'text',
    asked: 'int',
    tries: 'int',
    reason: 'text',
    asked_at: 'text',
  },
  ['tenant_id', 'directory_id', 'kind', 'source_id'],
);

/** What a whole read found and the stream of changes has not brought yet. */
export interface DriftCandidateRow {
  tenant_id: string;
  directory_id: string;
  kind: string;
  source_id: string;
  /** `new`, `changed` or `absent`. */
  what: string;
  /** The run that found it. */
  run_id: string;
  begin: number;
}

export const DRIFT_CANDIDATE = table<DriftCandidateRow>(
  'drift_candidate',
  {
    tenant_id: 'text',
    directory_id: 'text',
    kind: 'text',
    source_id: 'text',
    what: 'text',
    run_id: 'text',
    begin: 'int',
  },
  ['tenant_id', 'directory_id', 'kind', 'source_id'],
);
