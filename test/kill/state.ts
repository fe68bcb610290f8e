import type { StoreConfiguration } from '@rollcall/core';
import { Store } from '#core/store/store.js';
import { rawRows, type Sql } from '#core/store/table.js';

/** Everything that must not depend on kills, with source ids instead of ids: one line an item, in a fixed order. */
export interface State {
  users: string[];
  groups: string[];
  memberships: string[];
  conflicts: string[];
  reviews: string[];
  links: string[];
  /** Changes by subject and version. */
  history: string[];
  /** Events by sequence. */
  events: string[];
}

/** What must be over when the last run has ended. */
export interface Rest {
  dirty: number;
  running: number;
  leases: number;
  sequences: number[];
}

type Row = Record<string, string | number | null>;

/** Reads both from a store that nobody else has open. */
export async function readState(configuration: StoreConfiguration): Promise<{ state: State; rest: Rest }> {
  const store = new Store(configuration);
  try {
    return await store.read(async (sql) => {
      const names = await readNames(sql);
      return { state: await stateOf(sql, names), rest: await restOf(sql) };
    });
  } finally {
    await store.close();
  }
}

/** Says who is meant by an id: records by directory and source id, users by their records, groups by name. */
async function readNames(sql: Sql): Promise<(text: string) => string> {
  const names = new Map<string, string>();
  for (const row of await rows(sql, 'SELECT id, name FROM directory')) names.set(text(row.id), text(row.name));
  for (const row of await rows(sql, 'SELECT id, directory_id, source_id FROM source_record'))
    names.set(text(row.id), `${names.get(text(row.directory_id)) ?? ''}:${text(row.source_id)}`);
  // The record that brought a user stays its name whatever is linked later.
  for (const row of await rows(sql, 'SELECT id, brought_by FROM "user"'))
    names.set(text(row.id), `user ${names.get(text(row.brought_by)) ?? ''}`);
  for (const row of await rows(sql, 'SELECT id, display_name FROM "group"'))
    names.set(text(row.id), `group ${text(row.display_name)}`);
  return (value) =>
    value.replace(ID, (id, prefix: string) => names.get(id) ?? `${prefix}-`).replace(PLAN_HASH, 'planHash');
}

const ID = /\b(usr|rec|dir|grp|run|chg|cfl|rev|ovr|evt|lnk|rdo)-[0-9a-z]{26}\b/g;

/** A review's hash is made of ids. */
const PLAN_HASH = /planHash\W+sha256:[0-9a-f]{64}/g;

const text = (value: string | number | null | undefined): string => String(value ?? '');

function rows(sql: Sql, query: string): Promise<Row[]> {
  return rawRows<Row>(sql, query);
}

async function stateOf(sql: Sql, names: (text: string) => string): Promise<State> {
  const lines = async (query: string): Promise<string[]> =>
    (await rows(sql, query)).map((row) => names(JSON.stringify(Object.values(row))));
  const sorted = async (query: string): Promise<string[]> => (await lines(query)).sort();
  return {
    users: await sorted(
      'SELECT id, attributes, provenance, unknown, active, reason, detail, inactive_at, effective_at, inactive_change_id, first_active_at, version, merged_into, brought_by, created_at FROM "user"',
    ),
    groups: await sorted('SELECT id, directory_id, display_name, removed, version, created_at FROM "group"'),
    memberships: await sorted(
      'SELECT group_id, user_id, from_sequence, from_at, from_cause, to_sequence, to_at, to_cause FROM membership',
    ),
    conflicts: await sorted('SELECT user_id, attribute, status, value, claims, opened_at, closed_at FROM conflict'),
    reviews: await sorted('SELECT kind, status, subject, counts, sample, detail, opened_at FROM review'),
    links: await sorted('SELECT record_id, user_id, how, rule FROM link'),
    history: await sorted('SELECT subject_kind, subject_id, version, at, kind, attributes, cause FROM change'),
    events: await lines(
      'SELECT sequence, type, occurred_at, subject_kind, subject_id, change_id, changed, data FROM event ORDER BY sequence',
    ),
  };
}

async function restOf(sql: Sql): Promise<Rest> {
  const count = async (query: string): Promise<number> => Number((await rows(sql, query))[0]?.n ?? -1);
  return {
    dirty: await count('SELECT count(*) AS n FROM source_record WHERE dirty IS NOT NULL'),
    running: await count(`SELECT count(*) AS n FROM run WHERE outcome = 'running'`),
    leases: await count('SELECT count(*) AS n FROM lease WHERE holder IS NOT NULL'),
    sequences: (await rows(sql, 'SELECT sequence FROM event ORDER BY sequence')).map((row) => Number(row.sequence)),
  };
}
