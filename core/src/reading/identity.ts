import type { ClaimedRecord, Claims } from '../model/claims.js';
import { byText } from '../model/compare.js';
import { groupBy } from '../model/group-by.js';
import type { Json, JsonObject } from '../model/json.js';
import type { Rules } from '../model/rules.js';
import { recordsByDirectory } from '../resolution/best-record.js';
import { rawRows, type Sql } from '../store/table.js';
import { ofTenants, selectForOwned, type Owned } from './of-tenants.js';

/** The record by whose id consumers join somebody: of the tenant's identity directory, else of the next best one. */
export interface Identity {
  recordId: string;
  directory: string;
  /** The record's external id, else its source id. */
  idpId: string;
  /** The payload that the record's claims are made of. */
  payloadNo: number;
}

/** In which order the directories of each tenant stand for people, by tenant: the identity directory first. */
export async function identityOrders(sql: Sql, tenants: readonly string[]): Promise<Map<string, readonly string[]>> {
  const own = ofTenants(sql, 't.id', tenants);
  const rows = await rawRows<{ id: string; identity_directory: string | null; rules: string | null }>(
    sql,
    `SELECT t.id, t.identity_directory, r.rules FROM tenant AS t
      LEFT JOIN rules_version AS r ON r.tenant_id = t.id AND r.version = t.rules_version WHERE ${own.text}`,
    own.bindings,
  );
  return new Map(rows.map((row) => [row.id, orderOf(row.identity_directory, row.rules)]));
}

function orderOf(chosen: string | null, text: string | null): readonly string[] {
  const rules = text === null ? null : (JSON.parse(text) as Rules);
  const listed = rules === null ? [] : [...(rules.attributes.groups?.from ?? []), ...rules.priority];
  return [...new Set(chosen === null ? listed : [chosen, ...listed])];
}

interface LinkedRow {
  tenant_id: string;
  user_id: string;
  record_id: string;
  directory: string;
  mode: string;
  source_id: string;
  gone_begin: number | null;
  payload_no: number;
  claims: string | null;
}

/** The identity of each of these users, by user: of who was merged, that of the record that once brought them. */
export async function identitiesOf(sql: Sql, users: readonly Owned[]): Promise<Map<string, Identity>> {
  if (users.length === 0) return new Map();
  const orders = await identityOrders(sql, [...new Set(users.map((user) => user.tenant_id))]);
  const byUser = groupBy(await linkedRecords(sql, users), (row) => row.user_id);
  const others = users.filter((user) => !byUser.has(user.id));
  for (const row of await bringingRecords(sql, others)) byUser.set(row.user_id, [row]);
  return new Map(
    [...byUser].map(([userId, rows]) => [userId, bestOf(rows, orders.get(rows[0]?.tenant_id ?? '') ?? [])]),
  );
}

const RECORD = `r.id AS record_id, d.name AS directory, d.mode, r.source_id, r.gone_begin, r.payload_no, c.claims`;
const OF_RECORD = `d.tenant_id = r.tenant_id AND d.id = r.directory_id`;
const WITH_CLAIMS = `LEFT JOIN claims AS c ON c.tenant_id = r.tenant_id AND c.record_id = r.id`;

function linkedRecords(sql: Sql, users: readonly Owned[]): Promise<LinkedRow[]> {
  return selectForOwned<LinkedRow>(
    sql,
    users,
    ({ list, tenant, id }) => `SELECT l.tenant_id, l.user_id, ${RECORD}
      FROM ${list} CROSS JOIN link AS l CROSS JOIN source_record AS r CROSS JOIN directory AS d ${WITH_CLAIMS}
      WHERE l.tenant_id = ${tenant} AND l.user_id = ${id} AND r.tenant_id = l.tenant_id AND r.id = l.record_id
        AND ${OF_RECORD}`,
  );
}

function bringingRecords(sql: Sql, users: readonly Owned[]): Promise<LinkedRow[]> {
  return selectForOwned<LinkedRow>(
    sql,
    users,
    ({ list, tenant, id }) => `SELECT u.tenant_id, u.id AS user_id, ${RECORD}
      FROM ${list} CROSS JOIN "user" AS u CROSS JOIN source_record AS r CROSS JOIN directory AS d ${WITH_CLAIMS}
      WHERE u.tenant_id = ${tenant} AND u.id = ${id} AND r.tenant_id = u.tenant_id AND r.id = u.brought_by
        AND ${OF_RECORD}`,
  );
}

function bestOf(rows: readonly LinkedRow[], order: readonly string[]): Identity {
  const byRecord = new Map(rows.map((row) => [row.record_id, row]));
  const byDirectory = recordsByDirectory(rows.map(claimedRecord));
  const rest = [...byDirectory.keys()].sort(byText);
  const directory = [...order, ...rest].find((name) => byDirectory.has(name)) ?? '';
  const best = byDirectory.get(directory)?.[0];
  const row = byRecord.get(best?.recordId ?? '');
  if (best === undefined || row === undefined) throw new Error('Records of a user have no best one.');
  return {
    recordId: row.record_id,
    directory,
    idpId: externalIdOf(best.claims) ?? row.source_id,
    payloadNo: row.payload_no,
  };
}

function claimedRecord(row: LinkedRow): ClaimedRecord {
  return {
    recordId: row.record_id,
    directory: row.directory,
    sourceId: row.source_id,
    // When and why it went does not matter here.
    gone: row.gone_begin === null ? null : { reason: 'absent', at: '' },
    retired: row.mode === 'retired',
    claims: row.claims === null ? {} : (JSON.parse(row.claims) as Claims),
  };
}

/** What a record claims as its id at the provider. */
export function externalIdOf(claims: Claims): string | null {
  const value = claims.externalId?.value;
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Payloads by record, those with this number each: one statement. */
export async function payloadsOf(
  sql: Sql,
  records: readonly { tenantId: string; recordId: string; payloadNo: number }[],
): Promise<Map<string, JsonObject>> {
  const rows = await selectForOwned<{ record_id: string; raw: string }>(
    sql,
    records.map(({ tenantId, recordId, payloadNo }) => ({ tenant_id: tenantId, id: recordId, extra: payloadNo })),
    ({ list, tenant, id, extra }) => `SELECT p.record_id, p.raw FROM ${list} CROSS JOIN payload AS p
      WHERE p.tenant_id = ${tenant} AND p.record_id = ${id} AND p.no = ${extra}`,
  );
  return new Map(rows.map((row) => [row.record_id, rawObject(row.raw)]));
}

/** A payload as an object: what a source shows of a record is one, or is not shown. */
export function rawObject(text: string): JsonObject {
  const raw = JSON.parse(text) as Json;
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? raw : {};
}
