import type {
  ConflictDocument,
  PlanDocument,
  ReviewDocument,
  RunDocument,
  SyncDocument,
  UserDocument,
} from '@rollcall/core';

const AT = '2026-03-09T08:00:00Z';

export const NOBODY = {
  users: { created: 0, activated: 0, updated: 0, deactivated: 0, reactivated: 0, merged: 0 },
  groups: { created: 0, updated: 0, removed: 0 },
  memberships: { added: 0, removed: 0 },
};

/** Alan as `users show` answers. */
export const ALAN: UserDocument = {
  id: 'usr-3',
  tenant: 'acme',
  active: false,
  inactive: { reason: 'terminated', detail: null, at: AT, effectiveAt: null, changeId: 'chg-3' },
  version: 2,
  mergedInto: null,
  attributes: {
    userName: 'alan',
    name: { givenName: 'Alan', familyName: 'Turing' },
    emails: [{ value: 'alan@acme.example', type: 'work', primary: true }],
    department: 'Research',
    custom: {},
  },
  unknown: ['department'],
  groups: [{ id: 'grp-1', displayName: 'vpn', directory: 'it' }],
  openConflicts: ['cfl-1'],
  records: [
    {
      directory: 'hr',
      kind: 'user',
      sourceId: 'E1003',
      present: true,
      claimsActive: false,
      link: { how: 'created', rule: null, at: AT },
    },
    {
      directory: 'it',
      kind: 'user',
      sourceId: '9003',
      present: true,
      claimsActive: true,
      link: { how: 'sure', rule: 'employee number', at: AT },
    },
  ],
};

/** A run of a directory in which nothing happens, with changes. */
export function run(changes: Partial<RunDocument> = {}): RunDocument {
  return {
    runId: 'run-1',
    tenant: 'acme',
    directory: 'hr',
    trigger: 'manual',
    tier: 'full',
    clock: 'given',
    outcome: 'finished',
    complete: true,
    startedAt: AT,
    endedAt: AT,
    source: [{ file: 'hr-2026-03-09.csv', sha256: 'ab', alreadyAccepted: false }],
    records: { read: 3, new: 0, changed: 0, same: 3, stale: 0, absent: 0, quarantined: 0 },
    changes: NOBODY,
    conflicts: { opened: 0, closed: 0 },
    drift: { records: 0 },
    held: [],
    doubts: [],
    pending: 0,
    rowsWritten: { records: 0, payloads: 0, users: 0, changes: 0, events: 0 },
    events: null,
    warnings: [],
    error: null,
    ...changes,
  };
}

export function sync(runs: RunDocument[], changes: Partial<SyncDocument> = {}): SyncDocument {
  return {
    format: 'rollcall.sync/1',
    exitCode: 0,
    due: { users: 0, runId: null, held: [], events: null, changes: NOBODY },
    runs,
    warnings: [],
    ...changes,
  };
}

/** A plan that makes Ada inactive. */
export const PLAN: PlanDocument = {
  format: 'rollcall.plan/1',
  exitCode: 2,
  due: { users: 0, runId: null, held: [], events: null, changes: NOBODY, wouldHold: [], impact: [] },
  runs: [
    {
      ...run({ changes: { ...NOBODY, users: { ...NOBODY.users, deactivated: 1 } } }),
      wouldHold: [{ reviewId: null, guard: 'absences', count: 12, limit: 10 }],
      impact: [
        {
          kind: 'user.deactivated',
          user: 'usr-1',
          who: { sourceId: 'hr:E1001', name: 'Ada Lovelace' },
          inputs: 'sha256:ab',
          attributes: [{ attribute: 'active', from: true, to: false, reason: 'terminated', directory: 'hr' }],
        },
      ],
    },
  ],
  warnings: [],
};

export const CONFLICT: ConflictDocument = {
  id: 'cfl-1',
  status: 'open',
  user: 'usr-3',
  who: { sourceId: 'hr:E1003', name: 'Alan Turing' },
  attribute: 'active',
  value: false,
  openedAt: AT,
  updatedAt: AT,
  closedAt: null,
  claims: [
    { directory: 'hr', sourceId: 'E1003', value: false, wins: true },
    { directory: 'it', sourceId: '9003', value: true, wins: false },
  ],
  rule: { version: 1, path: 'attributes.active' },
};

const read = (line: number, file: string) => ({
  runId: 'run-1',
  trigger: 'manual',
  tier: 'full',
  observedAt: AT,
  record: { file, line },
});

/** `active` of Alan as `explain` answers. */
export const REVIEW: ReviewDocument = {
  id: 'rev-1',
  status: 'open',
  kind: 'guard',
  guard: 'absences',
  doubt: null,
  detail: {},
  directory: 'hr',
  runId: 'run-1',
  openedAt: '2026-03-09T08:00:00Z',
  counts: { users: 42 },
  sample: [],
  planHash: 'sha256:ab',
  decidedBy: null,
  decidedAt: null,
  reason: null,
};

export const ACTIVE = {
  value: false,
  state: 'known',
  reason: 'terminated',
  since: AT,
  changeId: 'chg-3',
  winner: {
    directory: 'hr',
    kind: 'user',
    sourceId: 'E1003',
    value: false,
    ...read(4, 'hr-2026-03-09.csv'),
    raw: { employee_id: 'E1003', status: 'Terminated' },
    mapping: {
      name: 'hr',
      version: 'sha256:ab',
      file: 'mappings/hr.yaml',
      line: 11,
      expression: '$lookup($statuses, status) != "terminated"',
    },
  },
  rule: { version: 1, path: 'attributes.active', strategy: 'vote' },
  override: null,
  hold: null,
  conflictId: 'cfl-1',
  others: [
    {
      directory: 'it',
      kind: 'user',
      sourceId: '9003',
      value: true,
      vote: 'allow',
      ...read(3, 'it-2026-03-09.csv'),
      raw: { account_id: '9003', enabled: 'true' },
      mapping: { name: 'it', version: 'sha256:cd', file: 'mappings/it.yaml', line: 9, expression: 'enabled = "true"' },
    },
    { directory: null, kind: 'employment', value: 'terminated', vote: 'deny' },
  ],
};
