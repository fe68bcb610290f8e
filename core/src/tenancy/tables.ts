import { table } from '../store/table.js';

export interface TenantRow {
  id: string;
  name: string;
  time_zone: string;
  custom: string;
  event_sequence: number;
  last_instant: string | null;
  rules_version: number;
  configuration_hash: string;
  /** The directory whose ids stand for people outside; null: the first that speaks for groups. */
  identity_directory: string | null;
  created_at: string;
}

export const TENANT = table<TenantRow>(
  'tenant',
  {
    id: 'text',
    name: 'text',
    time_zone: 'text',
    custom: 'text',
    event_sequence: 'int',
    last_instant: 'text',
    rules_version: 'int',
    configuration_hash: 'text',
    identity_directory: 'text',
    created_at: 'text',
  },
  ['id'],
);

export interface DirectoryRow {
  tenant_id: string;
  id: string;
  name: string;
  position: number;
  connector: string;
  mode: string;
  settings: string;
  privileged_groups: string;
  /** JSON: the schedule of each tier that the tenant file names. */
  schedule: string;
  mapping_user: string | null;
  mapping_group: string | null;
  paused: number;
  begin: number;
  record_count: number;
  first_complete_at: string | null;
  created_at: string;
}

export const DIRECTORY = table<DirectoryRow>(
  'directory',
  {
    tenant_id: 'text',
    id: 'text',
    name: 'text',
    position: 'int',
    connector: 'text',
    mode: 'text',
    settings: 'text',
    privileged_groups: 'text',
    schedule: 'text',
    mapping_user: 'text',
    mapping_group: 'text',
    paused: 'int',
    begin: 'int',
    record_count: 'int',
    first_complete_at: 'text',
    created_at: 'text',
  },
  ['tenant_id', 'id'],
);
