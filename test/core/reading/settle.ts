import type { AttributeChange, Cause } from '#core/history/tables.js';
import type { ClaimedRecord, Claims } from '#core/model/claims.js';
import { sameValue } from '#core/model/compare.js';
import type { Json } from '#core/model/json.js';
import type { Resolution, ResolvedAttribute } from '#core/model/resolution.js';
import type { Rules } from '#core/model/rules.js';
import { USER, type OverrideRow, type Provenance, type UserRow, type UserState } from '#core/population/tables.js';
import { userRow, userState } from '#core/population/user-state.js';
import { resolve } from '#core/resolution/resolve.js';
import type { RulesVersionRow } from '#core/rules/tables.js';
import type { SourceRecordRow } from '#core/sources/tables.js';
import { upsertRows } from '#core/store/table.js';
import { catalogue } from './contract-texts.js';
import type { Rows } from './rows.js';

/** Resolves a user from its linked records, and writes state and change; what did not change is not written. */
export async function settle(rows: Rows, userId: string, at: string, cause: Partial<Cause>): Promise<UserState> {
  const row = await rows.maybe<UserRow>('user', { id: userId });
  const before = row === undefined ? null : userState(row);
  const resolution = await resolveNow(rows, userId, at);
  const changes = changesBetween(before, resolution);
  if (before !== null && changes.length === 0) return before;
  const link = await rows.one<{ record_id: string }>('link', { user_id: userId });
  const state = stateAfter(before ?? newcomer(userId, link.record_id, at), resolution, at);
  await rows.store.write('sweep', (sql) => upsertRows(sql, USER, [userRow(rows.tenantId, state)]));
  const kind = before === null ? 'user.created' : 'user.updated';
  await rows.change(userId, state.version, at, changes, cause, kind);
  return state;
}

const newcomer = (id: string, broughtBy: string, createdAt: string): UserState => ({
  id,
  attributes: {},
  provenance: {},
  unknown: [],
  active: false,
  inactive: null,
  firstActiveAt: null,
  version: 0,
  mergedInto: null,
  broughtBy,
  createdAt,
});

function stateAfter(before: UserState, resolution: Resolution, at: string): UserState {
  const active = resolution.attributes.active;
  if (active === undefined) throw new Error('Resolution always decides on active.');
  const version = before.version + 1;
  const isActive = active.value === true;
  return {
    ...before,
    attributes: present(resolution),
    provenance: mapValues(resolution.attributes, provenanceOf),
    unknown: [...resolution.unknown].sort(),
    active: isActive,
    inactive: isActive ? null : inactivity(before, active, at, `chg-${before.id}-${version}`),
    firstActiveAt: before.firstActiveAt ?? (isActive ? at : null),
    version,
  };
}

async function resolveNow(rows: Rows, userId: string, now: string): Promise<Resolution> {
  const records = await rows.read((sql) =>
    sql('link as l')
      .join('source_record as r', (on) => on.on('r.tenant_id', 'l.tenant_id').andOn('r.id', 'l.record_id'))
      .join('claims as c', (on) => on.on('c.tenant_id', 'r.tenant_id').andOn('c.record_id', 'r.id'))
      .where({ 'l.tenant_id': rows.tenantId, 'l.user_id': userId })
      .select<(SourceRecordRow & { claims: string })[]>('r.*', 'c.claims'),
  );
  const { rules_version: version } = await rows.read((sql) =>
    sql('tenant').where({ id: rows.tenantId }).first<{ rules_version: number }>('rules_version'),
  );
  const rules = await rows.one<RulesVersionRow>('rules_version', { version });
  const overrides = await rows.all<OverrideRow>('override', { user_id: userId, ended_at: null });
  return resolve(
    {
      records: records.map(claimed),
      rules: JSON.parse(rules.rules) as Rules,
      directories: { hr: { mode: 'live' }, it: { mode: 'live' } },
      overrides: overrides.map(({ id, attribute, value }) => ({
        overrideId: id,
        attribute,
        value: JSON.parse(value) as Json,
      })),
      holds: {},
      now,
      timeZone: 'Europe/Berlin',
    },
    catalogue,
  );
}

function claimed(record: SourceRecordRow & { claims: string }): ClaimedRecord {
  const { gone_at: at, gone_reason: reason } = record;
  return {
    recordId: record.id,
    directory: record.directory_id.slice('dir-'.length),
    sourceId: record.source_id,
    gone: at === null ? null : { reason: (reason ?? 'absent') as 'absent', at },
    retired: false,
    claims: JSON.parse(record.claims) as Claims,
  };
}

const provenanceOf = ({ winner, rule }: ResolvedAttribute): Provenance => ({
  winner,
  rulePath: rule.path,
  strategy: rule.strategy,
});

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

function present(resolution: Resolution): Record<string, Json> {
  const values = mapValues(resolution.attributes, ({ value }) => value);
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

function inactivity(before: UserState, active: ResolvedAttribute, at: string, changeId: string): UserState['inactive'] {
  const stood = before.inactive;
  if (stood !== null && stood.reason === active.reason && stood.detail === active.detail) return stood;
  const { detail, effectiveAt } = active;
  return { reason: active.reason ?? 'no_source', detail, at, effectiveAt, changeId };
}

function changesBetween(before: UserState | null, resolution: Resolution): AttributeChange[] {
  return Object.entries(resolution.attributes).flatMap(([attribute, resolved]) => {
    const from = before?.attributes[attribute] ?? null;
    const isUnknown = resolved.state === 'unknown';
    const provenance = provenanceOf(resolved);
    const isSame =
      (before?.unknown.includes(attribute) ?? false) === isUnknown &&
      (before === null || sameValue(before.provenance[attribute] as unknown as Json, provenance as unknown as Json));
    const kind = sameValue(from, resolved.value) ? 'provenance' : 'value';
    if (kind === 'provenance' && isSame) return [];
    const { reason, detail, effectiveAt, value: to } = resolved;
    return [{ attribute, from, to, kind, provenance, reason, detail, effectiveAt, unknown: isUnknown }];
  });
}
