import type { InactiveReason } from '../model/claims.js';
import type { HistoryDocument } from '../model/documents.js';
import { shownInstant } from '../model/instants.js';
import type { JsonObject } from '../model/json.js';
import { isSqlite, rawRows, type Sql } from '../store/table.js';
import { parseChanges } from './stored-changes.js';
import type { ChangeRow } from './tables.js';

/** One item of `rollcall.history/1`; `reason` stands on `active` when it is false now. */
export interface HistoryItem extends HistoryDocument {
  reason: InactiveReason | null;
  /** The last good value is kept. */
  unknown: boolean;
}

/** Sources of items, in the order in which they stand at one instant. */
const CHANGES = 0;
const ADDED = 1;
const REMOVED = 2;

/** The place of an item: the order is that of these four. */
export interface HistoryPosition {
  /** In the form of the store. */
  at: string;
  source: number;
  /** Version of the change, or sequence of the membership's event. */
  number: number;
  /** Place of the attribute within its change. */
  index: number;
}

export interface HistoryRequest {
  /** A catalogue name or `groups`; null: all. */
  attribute: string | null;
  after: HistoryPosition | null;
  limit: number;
}

interface Entry {
  position: HistoryPosition;
  item: HistoryItem;
}

/** A page of what happened to a user, oldest first. Every source gives at most a page, whatever the length of history. */
export async function historyPage(
  sql: Sql,
  tenantId: string,
  userId: string,
  request: HistoryRequest,
): Promise<{ items: HistoryItem[]; next: HistoryPosition | null }> {
  const { attribute, after, limit } = request;
  const entries: Entry[] = [];
  if (attribute !== 'groups') entries.push(...(await changeEntries(sql, tenantId, userId, request)));
  if (attribute === null || attribute === 'groups') {
    entries.push(...(await membershipEntries(sql, tenantId, userId, request, ADDED)));
    entries.push(...(await membershipEntries(sql, tenantId, userId, request, REMOVED)));
  }
  const following = entries
    .filter(({ position }) => after === null || compare(position, after) > 0)
    .sort((a, b) => compare(a.position, b.position));
  const page = following.slice(0, limit);
  const next = following.length > limit ? (page.at(-1)?.position ?? null) : null;
  return { items: page.map(({ item }) => item), next };
}

function compare(a: HistoryPosition, b: HistoryPosition): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.source - b.source || a.number - b.number || a.index - b.index;
}

/** A number above all versions and sequences, that PostgreSQL takes for an integer. */
const ABOVE_ALL = 2_147_483_647;

/** From where on a source is read: later than `at`, or at that instant with a number above `number`. */
function startOf(after: HistoryPosition | null, source: number): { at: string; number: number } {
  if (after === null) return { at: '', number: -1 };
  if (source > after.source) return { at: after.at, number: -1 };
  if (source < after.source) return { at: after.at, number: ABOVE_ALL };
  // The change itself is read again: its other attributes may follow.
  return { at: after.at, number: source === CHANGES ? after.number - 1 : after.number };
}

async function changeEntries(
  sql: Sql,
  tenantId: string,
  userId: string,
  { attribute, after, limit }: HistoryRequest,
): Promise<Entry[]> {
  const start = startOf(after, CHANGES);
  const query = sql<ChangeRow>('change')
    .where({ tenant_id: tenantId, subject_kind: 'user', subject_id: userId })
    .where(
      (rest) =>
        void rest
          .where('at', '>', start.at)
          .orWhere((same) => void same.where('at', start.at).where('version', '>', start.number)),
    )
    .where('attributes', '<>', '[]')
    .orderBy(['at', 'version'])
    .limit(limit + 2)
    .select();
  if (attribute !== null) void query.whereRaw(changesAttribute(sql), [attribute]);
  return (await query).flatMap((row) => entriesOf(row, attribute));
}

function changesAttribute(sql: Sql): string {
  return isSqlite(sql)
    ? `EXISTS (SELECT 1 FROM json_each(change.attributes) AS one WHERE one.value ->> 'attribute' = ?)`
    : `EXISTS (SELECT 1 FROM json_array_elements(change.attributes::json) AS one WHERE one ->> 'attribute' = ?)`;
}

function entriesOf(row: ChangeRow, attribute: string | null): Entry[] {
  const cause = JSON.parse(row.cause) as JsonObject;
  return parseChanges(row.attributes).flatMap((change, index) => {
    if (attribute !== null && change.attribute !== attribute) return [];
    const item: HistoryItem = {
      changeId: row.id,
      version: row.version,
      at: shownInstant(row.at),
      kind: change.kind === 'provenance' ? 'user.provenance' : row.kind,
      attribute: change.attribute,
      from: change.from,
      to: change.to,
      reason: change.reason,
      unknown: change.unknown,
      cause,
    };
    return [{ position: { at: row.at, source: CHANGES, number: row.version, index }, item }];
  });
}

interface MembershipMoment {
  at: string;
  sequence: number;
  cause: string | null;
  display_name: string;
  version: number | null;
}

async function membershipEntries(
  sql: Sql,
  tenantId: string,
  userId: string,
  { after, limit }: HistoryRequest,
  source: typeof ADDED | typeof REMOVED,
): Promise<Entry[]> {
  const side = source === ADDED ? 'from' : 'to';
  const start = startOf(after, source);
  const rows = await rawRows<MembershipMoment>(
    sql,
    `SELECT m.${side}_at AS at, m.${side}_sequence AS sequence, m.${side}_cause AS cause, g.display_name,
        (SELECT MAX(c.version) FROM change AS c WHERE c.tenant_id = m.tenant_id AND c.subject_kind = 'user'
          AND c.subject_id = m.user_id AND c.at <= m.${side}_at) AS version
      FROM membership AS m JOIN "group" AS g ON g.tenant_id = m.tenant_id AND g.id = m.group_id
      WHERE m.tenant_id = ? AND m.user_id = ?
        AND (m.${side}_at > ? OR (m.${side}_at = ? AND m.${side}_sequence > ?))
      ORDER BY m.${side}_at, m.${side}_sequence LIMIT ?`,
    [tenantId, userId, start.at, start.at, start.number, limit + 1],
  );
  return rows.map((row) => membershipEntry(row, source));
}

function membershipEntry(row: MembershipMoment, source: typeof ADDED | typeof REMOVED): Entry {
  const item: HistoryItem = {
    changeId: null,
    version: row.version ?? 0,
    at: shownInstant(row.at),
    kind: source === ADDED ? 'membership.added' : 'membership.removed',
    attribute: 'groups',
    from: source === ADDED ? null : row.display_name,
    to: source === ADDED ? row.display_name : null,
    reason: null,
    unknown: false,
    cause: JSON.parse(row.cause ?? '{}') as JsonObject,
  };
  return { position: { at: row.at, source, number: row.sequence, index: 0 }, item };
}
