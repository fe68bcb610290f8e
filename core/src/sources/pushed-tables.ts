import { table } from '../store/table.js';

/** The face that a pushed record shows to who pushed it; what it says is the latest payload of its record. */
export interface PushedResourceRow {
  tenant_id: string;
  directory_id: string;
  kind: string;
  source_id: string;
  record_id: string;
  /** The record's number. */
  position: number;
  version: number;
  created_at: string;
  modified_at: string;
  cause: string;
  gone_at: string | null;
  /** Source id of the tombstone that this one follows. */
  former_id: string | null;
  /** Source id of the one that follows this tombstone. */
  follower_id: string | null;
}

export const PUSHED_RESOURCE = table<PushedResourceRow>(
  'pushed_resource',
  {
    tenant_id: 'text',
    directory_id: 'text',
    kind: 'text',
    source_id: 'text',
    record_id: 'text',
    position: 'int',
    version: 'int',
    created_at: 'text',
    modified_at: 'text',
    cause: 'text',
    gone_at: 'text',
    former_id: 'text',
    follower_id: 'text',
  },
  ['tenant_id', 'directory_id', 'kind', 'source_id'],
);

/** A value by which a resource is found, in the form in which it is compared. */
export interface PushedKeyRow {
  tenant_id: string;
  directory_id: string;
  kind: string;
  attribute: string;
  form: string;
  source_id: string;
}

export const PUSHED_KEY = table<PushedKeyRow>(
  'pushed_key',
  { tenant_id: 'text', directory_id: 'text', kind: 'text', attribute: 'text', form: 'text', source_id: 'text' },
  ['tenant_id', 'directory_id', 'kind', 'attribute', 'form', 'source_id'],
);

/** The scope of edges that a source pushes: one by one, never as a whole. */
export const PUSH_SCOPE = 'push';
