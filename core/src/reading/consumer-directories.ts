import { rawRows, type Sql } from '../store/table.js';
import { identityOrders } from './identity.js';
import { noSuchCursor } from './objects.js';
import { ofTenants } from './of-tenants.js';
import { pageByObject, type ObjectKey, type ObjectListing, type ObjectPage } from './page-by-object.js';

/** All directories of a tenant as the one that its consumers see. Instants are ISO 8601 UTC with milliseconds. */
export interface ConsumerDirectory {
  tenant: string;
  /** The tenant's name for people. */
  name: string;
  /** In the order of the tenant's file. */
  sources: readonly { directory: string; connector: string; mode: string }[];
  /** The directory whose ids stand for people; null: none. */
  identity: string | null;
  users: { active: number; inactive: number };
  groups: number;
  /** Code of what the latest run of one of the sources failed with; null: none failed. */
  failure: string | null;
  createdAt: string;
  updatedAt: string;
}

/** Which directories. */
export interface ConsumerDirectoriesRequest extends ObjectPage {
  /** A part of the name, letter case apart. */
  search?: string;
}

interface TenantFacts {
  id: string;
  name: string;
  created_at: string;
  last_instant: string | null;
}

/**
 * The directories of these tenants, in the order of their making. Cursors are names of tenants.
 *
 * @throws RC_CURSOR_INVALID
 */
export async function listConsumerDirectories(
  sql: Sql,
  tenants: readonly string[],
  request: ConsumerDirectoriesRequest,
): Promise<ObjectListing<ConsumerDirectory>> {
  const own = ofTenants(sql, 't.id', tenants);
  const key = await keyOfTenant(sql, tenants, request);
  const { search } = request;
  // `lower` of SQLite knows ASCII alone; a name in other letters is found as it is written.
  const named = search === undefined ? '' : ` AND (lower(t.name) LIKE ? ESCAPE '\\' OR t.name LIKE ? ESCAPE '\\')`;
  const pattern = `%${(search ?? '').replace(/[\\%_]/g, String.raw`\$&`)}%`;
  const { rows, ...place } = await pageByObject(request, ['t.created_at', 't.id'], key, (range) =>
    rawRows<TenantFacts>(
      sql,
      `SELECT t.id, t.name, t.created_at, t.last_instant FROM tenant AS t WHERE ${own.text}${named}${range.text} ${range.order}`,
      [
        ...own.bindings,
        ...(search === undefined ? [] : [pattern.toLowerCase(), pattern]),
        ...range.bindings,
        range.limit,
      ],
    ),
  );
  return { items: await asDirectories(sql, rows), ...place };
}

/** That of one tenant; null where it was never applied. */
export async function findConsumerDirectory(sql: Sql, tenant: string): Promise<ConsumerDirectory | null> {
  const rows = await rawRows<TenantFacts>(
    sql,
    'SELECT t.id, t.name, t.created_at, t.last_instant FROM tenant AS t WHERE t.id = ?',
    [tenant],
  );
  return (await asDirectories(sql, rows))[0] ?? null;
}

async function keyOfTenant(
  sql: Sql,
  tenants: readonly string[],
  { after, before }: ObjectPage,
): Promise<ObjectKey | null> {
  const cursor = after ?? before;
  if (cursor === undefined) return null;
  const own = ofTenants(sql, 't.id', tenants);
  const text = `SELECT t.created_at FROM tenant AS t WHERE t.id = ? AND ${own.text}`;
  const [row] = await rawRows<{ created_at: string }>(sql, text, [cursor, ...own.bindings]);
  if (row === undefined) throw noSuchCursor();
  return [row.created_at, cursor];
}

async function asDirectories(sql: Sql, rows: readonly TenantFacts[]): Promise<ConsumerDirectory[]> {
  if (rows.length === 0) return [];
  const tenants = rows.map((row) => row.id);
  const identities = await identityOrders(sql, tenants);
  const sources = await sourcesOf(sql, tenants);
  const users = await countUsers(sql, tenants);
  const groups = new Map((await countGroups(sql, tenants)).map((row) => [row.tenant_id, Number(row.count)]));
  return rows.map((row) => {
    const own = sources.filter((source) => source.tenant_id === row.id);
    const count = users.get(row.id) ?? { active: 0, all: 0 };
    return {
      tenant: row.id,
      name: row.name,
      sources: own.map(({ name, connector, mode }) => ({ directory: name, connector, mode })),
      identity: identities.get(row.id)?.find((name) => own.some((source) => source.name === name)) ?? null,
      users: { active: count.active, inactive: count.all - count.active },
      groups: groups.get(row.id) ?? 0,
      failure: own.map(failureOf).find((code) => code !== null) ?? null,
      createdAt: row.created_at,
      updatedAt: row.last_instant ?? row.created_at,
    };
  });
}

interface SourceFacts {
  tenant_id: string;
  name: string;
  connector: string;
  mode: string;
  outcome: string | null;
  report: string | null;
}

/** Directories with their latest run. */
function sourcesOf(sql: Sql, tenants: readonly string[]): Promise<SourceFacts[]> {
  const own = ofTenants(sql, 'd.tenant_id', tenants);
  return rawRows(
    sql,
    `SELECT d.tenant_id, d.name, d.connector, d.mode, r.outcome, r.report FROM directory AS d
      LEFT JOIN run AS r ON r.tenant_id = d.tenant_id AND r.id = (
        SELECT l.id FROM run AS l WHERE l.tenant_id = d.tenant_id AND l.directory_id = d.id
          ORDER BY l.started_at DESC, l.id DESC LIMIT 1)
      WHERE ${own.text} ORDER BY d.tenant_id, d.position`,
    own.bindings,
  );
}

function failureOf({ outcome, report, mode }: SourceFacts): string | null {
  if (outcome !== 'failed' || report === null || mode === 'retired') return null;
  const { error } = JSON.parse(report) as { error?: { code?: string } | null };
  return error?.code ?? null;
}

/** Merged people are counted with who they live on in. */
async function countUsers(sql: Sql, tenants: readonly string[]): Promise<Map<string, { active: number; all: number }>> {
  const own = ofTenants(sql, 'u.tenant_id', tenants);
  const rows = await rawRows<{ tenant_id: string; active: number | string; count: number | string }>(
    sql,
    `SELECT u.tenant_id, SUM(u.active) AS active, COUNT(*) AS count FROM "user" AS u
      WHERE ${own.text} AND u.merged_into IS NULL GROUP BY u.tenant_id`,
    own.bindings,
  );
  return new Map(rows.map((row) => [row.tenant_id, { active: Number(row.active), all: Number(row.count) }]));
}

function countGroups(sql: Sql, tenants: readonly string[]): Promise<{ tenant_id: string; count: number | string }[]> {
  const own = ofTenants(sql, 'g.tenant_id', tenants);
  return rawRows(
    sql,
    `SELECT g.tenant_id, COUNT(*) AS count FROM "group" AS g WHERE ${own.text} AND g.removed = 0 GROUP BY g.tenant_id`,
    own.bindings,
  );
}
