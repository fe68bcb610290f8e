import type { OverrideDocument } from '../api.js';
import type { Listing, Who } from '../model/documents.js';
import { shownInstant } from '../model/instants.js';
import type { Json } from '../model/json.js';
import type { GuardHoldRow, OverrideRow } from '../population/tables.js';
import { lastOf, mergeSteps } from '../population/survivors.js';
import type { Sql } from '../store/table.js';
import { limitOf, pageOf, readCursor, type ListScope, type PageKey, type PageRequest } from './page.js';
import { unknownWho, whoOfUsers } from './who-of-users.js';

/** An entry of the list before it is known whom it is about. */
interface Entry {
  key: PageKey;
  user: string;
  document(who: ReadonlyMap<string, Who>): OverrideDocument;
}

/** Overrides that stand (with `all` also ended ones) in the order of their setting, then what rejected reviews pinned. */
export async function listOverrides(
  sql: Sql,
  tenantId: string,
  now: string,
  request: PageRequest & { all?: boolean } = {},
): Promise<Listing<OverrideDocument>> {
  const all = request.all ?? false;
  const scope: ListScope = { tenantId, list: 'overrides', filters: all };
  const after = readCursor(scope, request.after);
  const limit = limitOf(request.limit);
  const entries = await overrideEntries(sql, { tenantId, now, all }, after, limit + 1);
  if (entries.length <= limit) entries.push(...(await pinEntries(sql, tenantId, after, limit + 1 - entries.length)));
  const { rows, next } = pageOf(scope, entries, limit, (entry) => entry.key);
  const who = await whoOfUsers(
    sql,
    tenantId,
    rows.map((entry) => entry.user),
  );
  return { items: rows.map((entry) => entry.document(who)), next };
}

async function overrideEntries(
  sql: Sql,
  { tenantId, now, all }: { tenantId: string; now: string; all: boolean },
  after: PageKey | null,
  limit: number,
): Promise<Entry[]> {
  const [section, id] = after ?? ['override'];
  if (section !== 'override') return [];
  const query = sql<OverrideRow>('override').where({ tenant_id: tenantId }).orderBy('id').limit(limit).select();
  if (id !== undefined) void query.where('id', '>', id);
  if (!all) void query.whereNull('ended_at').where('until', '>', now);
  return (await withSurvivors(sql, await query)).map((row) => ({
    key: ['override', row.id],
    user: row.user_id,
    document: (who) => overrideDocument(row, who, now),
  }));
}

/** What was set for somebody who was merged away is shown with whom it applies to. */
export async function withSurvivors(sql: Sql, rows: readonly OverrideRow[]): Promise<OverrideRow[]> {
  const [first] = rows;
  if (first === undefined) return [];
  const steps = await mergeSteps(
    sql,
    first.tenant_id,
    rows.map((row) => row.user_id),
  );
  return rows.map((row) => ({ ...row, user_id: lastOf(row.user_id, steps) }));
}

/** An override in the shape of its list; one whose instant has come ended then, and needs nobody to end it. */
export function overrideDocument(row: OverrideRow, who: ReadonlyMap<string, Who>, now: string): OverrideDocument {
  const ended =
    row.ended_at === null && row.until <= now
      ? { at: row.until, reason: 'expired' }
      : { at: row.ended_at, reason: row.ended_reason };
  return {
    id: row.id,
    user: row.user_id,
    who: who.get(row.user_id) ?? unknownWho(row.user_id),
    attribute: row.attribute,
    value: JSON.parse(row.value) as Json,
    kind: 'override',
    reason: row.reason,
    by: row.set_by,
    setAt: shownInstant(row.set_at),
    until: shownInstant(row.until),
    endedAt: ended.at === null ? null : shownInstant(ended.at),
    endedReason: ended.reason,
    pins: null,
  };
}

/** A hold with the decision that lets it stand, and whose it is. */
type RejectedHold = GuardHoldRow & {
  why: string | null;
  by: string | null;
  at: string | null;
  linked: string | null;
  /** Whether that person is active. */
  active: 0 | 1 | null;
};

/** What rejected reviews pinned: without expiry, until candidate and value agree again. */
async function pinEntries(sql: Sql, tenantId: string, after: PageKey | null, limit: number): Promise<Entry[]> {
  const query = sql('guard_hold AS h')
    .join('review AS r', (on) => void on.on('r.tenant_id', 'h.tenant_id').andOn('r.id', 'h.review_id'))
    .leftJoin('link AS l', (on) => void on.on('l.tenant_id', 'h.tenant_id').andOn('l.record_id', 'h.subject'))
    .leftJoin(
      'user AS u',
      (on) => void on.on('u.tenant_id', 'h.tenant_id').andOn('u.id', sql.raw('coalesce(l.user_id, h.subject)')),
    )
    .where({ 'h.tenant_id': tenantId, 'r.status': 'rejected' })
    .whereNull('h.ended_at')
    .orderBy(['h.review_id', 'h.subject', 'h.attribute'])
    .limit(limit)
    .select<RejectedHold[]>(
      'h.*',
      'r.reason AS why',
      'r.decided_by AS by',
      'r.decided_at AS at',
      'l.user_id AS linked',
      'u.active AS active',
    );
  if (after?.[0] === 'pin') void query.whereRaw('(h.review_id, h.subject, h.attribute) > (?, ?, ?)', after.slice(1));
  const rows: RejectedHold[] = await query;
  return rows.map((row) => ({
    key: ['pin', row.review_id, row.subject, row.attribute],
    user: row.linked ?? row.subject,
    document: (who) => pinDocument(row, who),
  }));
}

function pinDocument(row: RejectedHold, who: ReadonlyMap<string, Who>): OverrideDocument {
  const user = row.linked ?? row.subject;
  return {
    id: `${row.review_id}/${row.subject}`,
    user,
    who: who.get(user) ?? unknownWho(row.subject),
    attribute: row.attribute === '' ? 'active' : row.attribute,
    value: pinnedValue(row),
    kind: 'pin',
    reason: row.why ?? '',
    by: row.by ?? '',
    setAt: row.at === null ? '' : shownInstant(row.at),
    until: null,
    endedAt: null,
    endedReason: null,
    pins: whatIsPinned(row.attribute),
  };
}

/** With a record's absence the person is pinned: as active as they are. */
function pinnedValue({ attribute, pinned, active }: RejectedHold): Json {
  if (attribute === '') return active === null ? null : active === 1;
  return (JSON.parse(pinned) as { value?: Json }).value ?? null;
}

function whatIsPinned(attribute: string): OverrideDocument['pins'] {
  if (attribute === '') return 'absence';
  if (attribute.startsWith('group:')) return 'membership';
  return attribute === 'creation' || attribute === 'merge' ? attribute : 'value';
}
