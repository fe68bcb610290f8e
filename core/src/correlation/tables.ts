import { table } from '../store/table.js';

export interface MatchKeyRow {
  tenant_id: string;
  rule: string;
  key: string;
  record_id: string;
  directory_id: string;
}

export const MATCH_KEY = table<MatchKeyRow>(
  'match_key',
  { tenant_id: 'text', rule: 'text', key: 'text', record_id: 'text', directory_id: 'text' },
  ['tenant_id', 'rule', 'record_id'],
);

export interface LinkRow {
  tenant_id: string;
  record_id: string;
  user_id: string;
  how: string;
  rule: string | null;
  linked_at: string;
}

export const LINK = table<LinkRow>(
  'link',
  { tenant_id: 'text', record_id: 'text', user_id: 'text', how: 'text', rule: 'text', linked_at: 'text' },
  ['tenant_id', 'record_id'],
);

export interface LinkChangeRow {
  tenant_id: string;
  id: string;
  record_id: string;
  from_user_id: string | null;
  to_user_id: string | null;
  how: string;
  rule: string | null;
  run_id: string;
  at: string;
}

export const LINK_CHANGE = table<LinkChangeRow>(
  'link_change',
  {
    tenant_id: 'text',
    id: 'text',
    record_id: 'text',
    from_user_id: 'text',
    to_user_id: 'text',
    how: 'text',
    rule: 'text',
    run_id: 'text',
    at: 'text',
  },
  ['tenant_id', 'id'],
);

/** `decided_by` of a bond that a source itself states: somebody deleted was created again. */
export const BY_SCIM = 'scim';

export interface DecisionRow {
  tenant_id: string;
  id: string;
  kind: string;
  record_a: string;
  record_b: string;
  decided_by: string;
  reason: string;
  at: string;
}

export const DECISION = table<DecisionRow>(
  'decision',
  {
    tenant_id: 'text',
    id: 'text',
    kind: 'text',
    record_a: 'text',
    record_b: 'text',
    decided_by: 'text',
    reason: 'text',
    at: 'text',
  },
  ['tenant_id', 'id'],
);
