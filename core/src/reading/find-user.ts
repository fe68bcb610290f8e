import { RollcallError, type ErrorPlace } from '@rollcall/connector-kit';
import { foldText } from '../model/compare.js';
import type { UserRow, UserState } from '../population/tables.js';
import { userState } from '../population/user-state.js';
import { didYouMean } from '../rules/nearest-name.js';
import type { Sql } from '../store/table.js';
import { directoriesById } from './directory-names.js';
import { unknownWho, whoOfUsers } from './who-of-users.js';

/** Column of the folded search key by the attribute that WHO names. */
const KEY_COLUMNS = {
  userName: 'user_name_key',
  employeeNumber: 'employee_number_key',
  email: 'email_key',
} as const;

type KeyName = keyof typeof KEY_COLUMNS;

/** What WHO asks for. */
export type Wanted =
  { by: 'id'; id: string } | { by: 'record'; directory: string; sourceId: string } | { by: KeyName; value: string };

/** So many candidates are named; more help nobody. */
const MAX_CANDIDATES = 20;

const HOW_TO_NAME = 'Name a user by id (usr-…), by DIRECTORY:SOURCEID, or by userName=…, employeeNumber=… or email=….';

/**
 * Reads a WHO.
 *
 * @throws RC_USER_NOT_FOUND: what names nobody in a known way names nobody.
 */
export function parseWho(who: string): Wanted {
  const key = /^([A-Za-z]+)=(.*)$/s.exec(who);
  if (key !== null) return parseKey(who, key[1] ?? '', key[2] ?? '');
  const record = /^([a-z][a-z0-9-]*):(.+)$/s.exec(who);
  if (record?.[1] !== undefined && record[2] !== undefined) {
    return { by: 'record', directory: record[1], sourceId: record[2] };
  }
  if (/^usr-\S+$/.test(who)) return { by: 'id', id: who };
  throw malformed(who, HOW_TO_NAME);
}

function parseKey(who: string, name: string, value: string): Wanted {
  if (!Object.hasOwn(KEY_COLUMNS, name)) throw malformed(who, didYouMean(name, Object.keys(KEY_COLUMNS)));
  if (value.trim() === '') throw malformed(who, `Write something after "${name}=".`);
  return { by: name as KeyName, value };
}

function malformed(who: string, mend: string): RollcallError {
  return new RollcallError('RC_USER_NOT_FOUND', 1, 'stop', { what: `"${who}" names no user in a known way.`, mend });
}

/**
 * The one user that WHO names. The id of a merged user answers that user; every other way leads to the survivor.
 *
 * @throws RC_USER_NOT_FOUND, RC_USER_AMBIGUOUS with `candidates`
 */
export async function findUser(sql: Sql, tenantId: string, who: string): Promise<UserState> {
  const wanted = parseWho(who);
  const rows = await candidatesOf(sql, tenantId, wanted);
  const [first, ...others] = rows;
  if (first === undefined) throw await notFound(sql, tenantId, who, wanted);
  if (others.length > 0) throw await ambiguous(sql, tenantId, who, rows);
  return userState(first);
}

async function candidatesOf(sql: Sql, tenantId: string, wanted: Wanted): Promise<UserRow[]> {
  if (wanted.by === 'id') return sql<UserRow>('user').where({ tenant_id: tenantId, id: wanted.id }).select();
  if (wanted.by === 'record') return linkedTo(sql, tenantId, wanted);
  const found = await sql<UserRow>('user')
    .where({ tenant_id: tenantId, [KEY_COLUMNS[wanted.by]]: foldText(wanted.value) })
    .orderBy('id')
    .limit(MAX_CANDIDATES)
    .select();
  const alive = found.filter((row) => row.merged_into === null);
  return alive.length > 0 ? alive : survivorsOf(sql, tenantId, found);
}

async function linkedTo(
  sql: Sql,
  tenantId: string,
  { directory, sourceId }: { directory: string; sourceId: string },
): Promise<UserRow[]> {
  return sql('user as u')
    .join('link as l', (on) => on.on('l.tenant_id', 'u.tenant_id').andOn('l.user_id', 'u.id'))
    .join('source_record as r', (on) => on.on('r.tenant_id', 'l.tenant_id').andOn('r.id', 'l.record_id'))
    .join('directory as d', (on) => on.on('d.tenant_id', 'r.tenant_id').andOn('d.id', 'r.directory_id'))
    .where({ 'u.tenant_id': tenantId, 'd.name': directory, 'r.kind': 'user', 'r.source_id': sourceId })
    .select<UserRow[]>('u.*');
}

/** Whom the merged ones live on in; a survivor may itself have been merged later. */
async function survivorsOf(sql: Sql, tenantId: string, merged: readonly UserRow[]): Promise<UserRow[]> {
  const survivors = new Map<string, UserRow>();
  const seen = new Set<string>();
  let next = merged;
  while (next.length > 0) {
    const ids = next.map((row) => row.merged_into).filter((id) => id !== null && !seen.has(id)) as string[];
    for (const id of ids) seen.add(id);
    for (const row of next) if (row.merged_into === null) survivors.set(row.id, row);
    next =
      ids.length === 0 ? [] : await sql<UserRow>('user').where({ tenant_id: tenantId }).whereIn('id', ids).select();
  }
  return [...survivors.values()];
}

async function ambiguous(sql: Sql, tenantId: string, who: string, rows: readonly UserRow[]): Promise<RollcallError> {
  const names = await whoOfUsers(
    sql,
    tenantId,
    rows.map((row) => row.id),
  );
  return new RollcallError('RC_USER_AMBIGUOUS', 1, 'ask', {
    what: `${rows.length} users are found by "${who}".`,
    where: { tenant: tenantId },
    mend: 'Name one of the candidates by its id.',
    extra: { candidates: rows.map(({ id }) => ({ id, who: names.get(id) ?? unknownWho(id) })) },
  });
}

async function notFound(sql: Sql, tenantId: string, who: string, wanted: Wanted): Promise<RollcallError> {
  return new RollcallError('RC_USER_NOT_FOUND', 1, 'stop', {
    what: `No user is found by "${who}".`,
    where: placeOf(tenantId, wanted),
    mend:
      wanted.by === 'record'
        ? await mendRecord(sql, tenantId, wanted)
        : 'See "rollcall users list" for those there are.',
  });
}

function placeOf(tenant: string, wanted: Wanted): ErrorPlace {
  if (wanted.by === 'id') return { tenant };
  if (wanted.by === 'record') return { tenant, directory: wanted.directory, kind: 'user', sourceId: wanted.sourceId };
  return { tenant, attribute: wanted.by === 'email' ? 'emails' : wanted.by };
}

async function mendRecord(
  sql: Sql,
  tenantId: string,
  { directory, sourceId }: { directory: string; sourceId: string },
): Promise<string> {
  const directories = await directoriesById(sql, tenantId);
  const known = [...directories].find(([, { name }]) => name === directory);
  if (known === undefined)
    return didYouMean(
      directory,
      [...directories.values()].map(({ name }) => name),
    );
  const record = await sql('source_record')
    .where({ tenant_id: tenantId, directory_id: known[0], kind: 'user', source_id: sourceId })
    .first<{ id: string } | undefined>('id');
  if (record === undefined)
    return `Directory "${directory}" never showed this source id; write it as the source spells it.`;
  return 'The record is known, but no user was made of it: see "rollcall review list" and "rollcall plan".';
}
